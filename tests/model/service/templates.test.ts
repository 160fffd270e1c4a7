import { describe, expect, test } from "vitest";
import { configProblems } from "../../../components/model/kinds/content";
import { serviceProblems } from "../../../components/model/service/problems";
import { escapedTemplate, templateFault } from "../../../components/model/service/template";

describe("a template that swarm can fill in", () => {
  test.each([
    "no template { } at all }}",
    "{{.Node.Hostname}}-{{.Task.Slot}}",
    "{{ .Service.Name }}.{{ .Node.Platform.OS }}",
    "{{- .Task.ID -}}",
    "{{.Service.Labels.tier}}",
    '{{index .Service.Labels "a.b"}}',
    '{{join "-" .Service.Name .Task.Slot}}',
    '{{if eq .Task.Slot "1"}}first{{else}}other{{end}}',
    "{{with $x := .Service}}{{.Name}}{{$x.ID}}{{$.Task.Slot}}{{end}}",
    "{{range $key, $value := .Service.Labels}}{{$key}}={{$value}}{{end}}",
    "{{/* a remark, it's }} long */}}",
    "{{- /* trimmed */ -}}",
    `{{ printf "%s" '"' }}`,
    '{{"{{"}} .Name }}',
    '{{ printf "%s}}" .Task.Name | html }}',
  ])("is taken: %s", (text) => {
    expect(templateFault(text, { tier: "web" })).toBeUndefined();
  });
});

test("a text that is never closed is found at once, however long it is", () => {
  const started = Date.now();
  expect(templateFault(`{{ ${'"a" /* b */ '.repeat(20_000)}`)).toBe("{{ has no }}");
  expect(Date.now() - started).toBeLessThan(2_000);
});

describe("a template of a program's own", () => {
  test.each([
    ["{{ .Name }}", "there is no .Name"],
    ["{{.Node.HostName}}", "there is no .Node.HostName; did you mean Hostname?"],
    ["{{.Task.Slot.Number}}", "there is no .Task.Slot.Number"],
    ["{{.Service.Labels.tier}}", "the service has no label tier"],
    ["{{ upper .Service.Name }}", "there is no function upper"],
    ["{{ request.host }}", "there is no function request"],
    ["{{$labels.instance}}", "there is no variable $labels"],
    ["{{ .Node.Hostname", "{{ has no }}"],
    ["{{}}", "{{ }} has nothing in it"],
    ["{{#each items}}", "{{ #each items }} has an unexpected #"],
    ["{{ if .Task.Slot }}", "{{ if }} has no {{ end }}"],
    ["{{ end }}", "{{ end }} closes nothing"],
    ['{{ secret "a" }}', "there is no function secret"],
  ])("is found: %s", (text, fault) => {
    expect(templateFault(text, {})).toBe(fault);
    expect(templateFault(escapedTemplate(text), {})).toBeUndefined();
  });

  test("is refused at every place that swarm fills in, and at no other", () => {
    const own = "{{ .Own }}";
    const found = serviceProblems({
      name: "a",
      image: "a:1",
      command: [own],
      labels: { a: own },
      containerLabels: { a: own },
      healthcheck: { test: ["CMD", own] },
      logging: { driver: "json-file", options: { tag: own } },
      hostname: own,
      env: { FORMAT: own, NONE: null },
      mounts: {
        [`/${own}`]: { type: "bind", source: `/${own}` },
        "/b": {
          type: "volume",
          source: "box",
          volume: { labels: { a: own }, driverOptions: { o: own } },
        },
      },
      networks: { n: { name: "n", aliases: [own], driverOptions: { o: own } } },
    });
    expect(found.map(({ keys }) => keys.join(" "))).toEqual([
      "env FORMAT",
      "hostname",
      "mounts /{{ .Own }}",
      "mounts /{{ .Own }} source",
      "mounts /b volume labels a",
      "mounts /b volume driverOptions o",
      "networks n aliases 0",
      "networks n driverOptions o",
    ]);
    expect(found[0]).toMatchObject({
      found: '"{{ .Own }}", which swarm fills in as a template: there is no .Own',
      fix: "`FORMAT: '{{\"{{\"}} .Own }}'` where {{ is for the program",
    });
  });

  test("is refused in a config only with a template driver", () => {
    const data = '{{ secret "a" }} {{ env "B" }} {{ .Own }}';
    expect(configProblems({ data })).toEqual([]);
    expect(configProblems({ data, templateDriver: "golang" })).toMatchObject([
      { keys: ["data"], found: "a template: there is no .Own" },
    ]);
    expect(configProblems({ data: "/w==", encoding: "base64", templateDriver: "golang" })).toEqual([
      {
        keys: ["templateDriver"],
        found: "golang with data that is not text",
        allowed: "text",
        fix: "leave it out",
      },
    ]);
  });
});
