import { changed, itemsOf, type MapNode, member } from "../tree";

/** The file without the services whose profiles are not asked for. `*` asks for all. */
export function withProfiles(root: MapNode, wanted: readonly string[]): MapNode {
  return changed(root, (value, key) =>
    key === "services" && value.kind === "map"
      ? changed(value, (service) => {
          const profiles = itemsOf(member(service, "profiles")).flatMap((item) =>
            item.kind === "scalar" ? item.text : [],
          );
          const active =
            profiles.length === 0 ||
            wanted.includes("*") ||
            profiles.some((one) => wanted.includes(one));
          return active ? service : undefined;
        })
      : value,
  );
}
