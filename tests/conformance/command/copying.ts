import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { remote } from "@pulumi/command";
import { asset } from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { type Bench, type Subject, useBench } from "../bench";

/** When and where to files are copied. */
export function copying(subject: Subject): void {
  describe("CopyToRemote", () => {
    const bench = useBench(subject);
    const target = () => join(bench.box.folder, "target", "file");
    const copy = (text: string, more: object = {}) => declareCopy(bench, text, target(), more);

    test("copies when the content or the path changes, and does not see what is edited there", async () => {
      await bench.box.up(copy("one"));
      expect(readFileSync(target(), "utf8")).toBe("one");

      writeFileSync(target(), "edited");
      expect(await bench.box.preview(copy("one"))).toEqual({ same: 2 });
      await bench.box.refresh();
      expect(await bench.box.preview(copy("one"))).toEqual({ same: 2 });
      expect((await bench.box.up(copy("two"))).changes).toMatchObject({ update: 1 });
      expect(readFileSync(target(), "utf8")).toBe("two");

      const moved = `${target()}-moved`;
      await bench.box.up(copy("two", { remotePath: moved }));
      expect(readFileSync(moved, "utf8")).toBe("two");
      expect(existsSync(target())).toBe(true);
    });

    test("does not copy when only the connection changes", async () => {
      await bench.box.up(copy("one"));
      writeFileSync(target(), "edited");
      const connection = bench.connection({ dialErrorLimit: 5 });
      const second = await bench.box.up(copy("one", { connection }));
      expect(second.changes).toMatchObject({ update: 1 });
      expect(readFileSync(target(), "utf8")).toBe("edited");
    });

    test("leaves the file when it is deleted, and copies again on a trigger", async () => {
      await bench.box.up(copy("one", { triggers: [1] }));
      rmSync(target());
      expect((await bench.box.up(copy("one", { triggers: [2] }))).changes).toMatchObject({
        replace: 1,
      });
      await bench.box.destroy();
      expect(readFileSync(target(), "utf8")).toBe("one");
    });

    test("needs the path of a file for a text", async () => {
      const outcome = await bench.box.tryUp(copy("one", { remotePath: bench.box.folder }));
      expect(outcome.failed).toBe(true);
      expect(outcome.shown).toContain("remotePath must be a file path");
    });
  });
}

/** What becomes of files and folders. */
export function copyingFiles(subject: Subject): void {
  describe("CopyToRemote of local files", () => {
    const bench = useBench(subject);

    test("puts a file and a folder into an existing folder, and the content of `folder/`", async () => {
      const { folder } = bench.box;
      const source = join(folder, "source");
      mkdirSync(join(source, "deep"), { recursive: true });
      writeFileSync(join(source, "deep", "leaf"), "leaf");
      for (const name of ["file", "whole", "content"]) {
        mkdirSync(join(folder, name));
      }
      const connection = bench.connection();
      const leaf = new asset.FileAsset(join(source, "deep", "leaf"));
      const whole = new asset.FileArchive(source);
      const content = new asset.FileArchive(`${source}/`);
      await bench.box.up(() => {
        const to = (name: string) => ({ connection, remotePath: join(folder, name) });
        new remote.CopyToRemote("file", { ...to("file"), source: leaf });
        new remote.CopyToRemote("whole", { ...to("whole"), source: whole });
        new remote.CopyToRemote("content", { ...to("content"), source: content });
      });
      expect(readFileSync(join(folder, "file/leaf"), "utf8")).toBe("leaf");
      expect(readFileSync(join(folder, "whole/source/deep/leaf"), "utf8")).toBe("leaf");
      expect(readFileSync(join(folder, "content/deep/leaf"), "utf8")).toBe("leaf");
    });
  });
}

function declareCopy(bench: Bench, text: string, remotePath: string, more: object) {
  return () => {
    const source = new asset.StringAsset(text);
    const connection = bench.connection();
    new remote.CopyToRemote("copy", { connection, source, remotePath, ...more });
  };
}
