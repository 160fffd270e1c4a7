import { removeLeftovers } from "./leftovers";

// Nothing is ever written: the input ends when the parent process does.
process.stdin.resume().once("end", () => {
  removeLeftovers().then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
