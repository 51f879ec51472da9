"use strict";

/** Read first: a parent may be killed while this process is still starting. */
const parent = process.ppid;

/**
 * Calls `gone` once the process that started this one has ended, however it ended. A killed engine can tell nobody;
 * but it held the other end of standard input, which closes with it, and on POSIX an orphan gets another parent. That
 * is looked at as well, twice a second, because other processes may hold the other end too.
 */
function watchParent(gone) {
  const tell = () => {
    clearInterval(timer);
    gone();
  };
  const timer = setInterval(() => process.ppid !== parent && tell(), 500);
  process.stdin.once("end", tell).once("error", tell).resume();
}

module.exports = { watchParent };
