import { removeLeftovers } from "./leftovers";

// Nothing is ever written: the end of the input is the end of the process that started us.
process.stdin.resume().once("end", () => {
  removeLeftovers().then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
