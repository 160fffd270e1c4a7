/** Generations of Docker for hosts on this machine: each is the Debian release whose Docker engine they run. */
export const LOCAL_ENGINES = ["debian-13", "debian-12", "debian-sid"] as const;

/** A generation of Docker, such as `debian-13`. */
export type LocalEngine = (typeof LOCAL_ENGINES)[number];

/** What environments run that were created before there was a choice. */
export const FIRST_ENGINE: LocalEngine = "debian-12";

/** The release that images of a generation are built on. */
export interface Base {
  /** Name of the image on this machine's Docker engine. */
  readonly image: string;
  /** Name of the release in Debian's archive. */
  readonly suite: string;
  /** Options that apt-get needs in an image of this release. @default none */
  readonly aptOptions?: string;
}

const BASES: { readonly [engine in LocalEngine]: Base } = {
  "debian-12": { image: "debian:12-slim", suite: "bookworm" },
  "debian-13": { image: "debian:13-slim", suite: "trixie" },
  // Its list of packages expires when a mirror is a few days behind.
  "debian-sid": {
    image: "debian:sid-slim",
    suite: "sid",
    aptOptions: "-o Acquire::Check-Valid-Until=false",
  },
};

/** The release that images of a generation are built on. */
export function baseOf(engine: LocalEngine): Base {
  return BASES[engine];
}

/** Whether a text is the name of a generation. */
export function isLocalEngine(text: unknown): text is LocalEngine {
  return LOCAL_ENGINES.some((one) => one === text);
}

/** Generations whose base image a Dockerfile names. */
export function enginesIn(dockerfile: string): readonly LocalEngine[] {
  return LOCAL_ENGINES.filter((engine) =>
    dockerfile.split(/[\s"'=]+/).includes(baseOf(engine).image),
  );
}

/** Build arguments of our own images; none for {@link FIRST_ENGINE}, whose Dockerfiles have none. */
export function buildArguments(engine: LocalEngine): { readonly [name: string]: string } {
  const { image, aptOptions } = baseOf(engine);
  return { base: image, ...(aptOptions === undefined ? {} : { apt_options: aptOptions }) };
}
