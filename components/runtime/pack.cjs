// One file that holds many: their text, V8's code for it, and where packages are.
// It begins with a line of JSON that says what is where after it.
const fs = require("node:fs");
const path = require("node:path");

/**
 * Opens a pack; one that is missing, broken or of another version counts as empty.
 *
 * @param version a pack of another version is never used
 */
exports.openPack = function openPack(file, version) {
  const { index, data } = read(file, version);
  const files = new Map(index.files.map(([name, ...entry]) => [name, entry]));
  const added = new Map();
  const places = new Map(index.places);
  let placed = false;
  const bytes = ([from, length]) => data.subarray(from, from + length);

  return {
    /** Where a file is, by who asks and what is asked for. */
    places,
    place(key, name) {
      places.set(key, name);
      placed = true;
    },
    /** Text and code of a file, when it is kept with this stamp. */
    take(name, stamp) {
      const entry = files.get(name);
      if (entry?.[0] !== stamp) return undefined;
      const [, plain, text, code] = entry;
      return { source: bytes(text).toString(plain ? "latin1" : "utf8"), code: bytes(code) };
    },
    /** Keeps a script that was compiled in this run. */
    add(name, kept) {
      added.set(name, kept);
    },
    /** Written to a temporary file and renamed, since others may do the same; without write access nothing is kept. */
    write() {
      if (added.size === 0 && !placed) return;
      const parts = [];
      let end = 0;
      const put = (part) => {
        parts.push(part);
        end += part.length;
        return [end - part.length, part.length];
      };
      const entries = [];
      for (const [name, [stamp, plain, text, code]] of files) {
        if (!added.has(name))
          entries.push([name, stamp, plain, put(bytes(text)), put(bytes(code))]);
      }
      for (const [name, { stamp, source, script }] of added) {
        const text = Buffer.from(source);
        const plain = text.length === source.length;
        entries.push([name, stamp, plain, put(text), put(script.createCachedData())]);
      }
      const line = JSON.stringify({ version, files: entries, places: [...places] });
      replace(file, Buffer.concat([Buffer.from(`${line}\n`), ...parts]));
    },
  };
};

function read(file, version) {
  try {
    const whole = fs.readFileSync(file);
    const end = whole.indexOf("\n");
    const index = JSON.parse(whole.toString("utf8", 0, end));
    const last = index.files.at(-1)?.at(-1) ?? [0, 0];
    const complete = end + 1 + last[0] + last[1] === whole.length;
    if (index.version === version && complete) return { index, data: whole.subarray(end + 1) };
  } catch {
    // There is none, or not a whole one.
  }
  return { index: { files: [], places: [] }, data: Buffer.alloc(0) };
}

function replace(file, content) {
  const draft = `${file}.${process.pid}`;
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(draft, content);
    fs.renameSync(draft, file);
  } catch {
    fs.rm(draft, { force: true }, () => undefined);
  }
}
