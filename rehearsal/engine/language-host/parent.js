"use strict";

/**
 * Calls `gone` once the process that started this one has ended, however it ended. A killed engine can tell nobody,
 * and on POSIX an orphan gets another parent: that is seen within half a second. The engine holds the other end of
 * standard input, so its closing only makes the look come sooner.
 */
function watchParent(gone) {
  const parent = process.ppid;
  const look = () => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    gone();
  };
  const timer = setInterval(look, 500);
  process.stdin.on("end", () => setTimeout(look, 50));
  process.stdin.on("error", look);
  process.stdin.resume();
}

module.exports = { watchParent };
