import { tick } from "../../rollout/commands/tick";

/** `sluice tick -s STACK` in this folder, which is killed outright right after an effect: STACK, and its number. */
const [stack = "", effects] = process.argv.slice(2);
let left = Number(effects);
const die = (): void => {
  left -= 1;
  if (left === 0) process.kill(process.pid, "SIGKILL");
};
const terminal = { folder: process.cwd(), print: (text: string) => console.log(text) };
void tick({ stack }, terminal, { observe: die }).then((code) => (process.exitCode = code));
