import { tick } from "../../rollout/commands/tick";

/** `sluice tick -s dev` in this folder, which is killed outright right after an effect: its number is the argument. */
let left = Number(process.argv[2]);
const die = (): void => {
  left -= 1;
  if (left === 0) process.kill(process.pid, "SIGKILL");
};
const terminal = { folder: process.cwd(), print: (text: string) => console.log(text) };
void tick({ stack: "dev" }, terminal, { observe: die }).then((code) => (process.exitCode = code));
