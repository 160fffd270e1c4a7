import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { calledClients, copyUpstream, keepClients, keepServices } from "../upstream";

const services = `import (
	"slices"

	"github.com/hashicorp/terraform-provider-aws/internal/conns"
	"github.com/hashicorp/terraform-provider-aws/internal/service/ec2"
	"github.com/hashicorp/terraform-provider-aws/internal/service/ecs"
)

	v := []conns.ServicePackage{
		ec2.ServicePackage(ctx),
		ecs.ServicePackage(ctx),
	}
`;

const clients = `import (
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	logs "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/hashicorp/terraform-provider-aws/names"
)

func (c *AWSClient) EC2Client(ctx context.Context) *ec2.Client {
	return errs.Must(client[*ec2.Client](ctx, c, names.EC2, make(map[string]any)))
}

func (c *AWSClient) ECSClient(ctx context.Context) *ecs.Client {
	return errs.Must(client[*ecs.Client](ctx, c, names.ECS, make(map[string]any)))
}

func (c *AWSClient) LogsClient(ctx context.Context) *logs.Client {
	return errs.Must(client[*logs.Client](ctx, c, names.Logs, make(map[string]any)))
}
`;

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "upstream-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  const file = join(root, "from", path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function provider(): void {
  write("go.mod", "module provider\n");
  write("internal/provider/sdkv2/service_packages_gen.go", services);
  write("internal/conns/awsclient_gen.go", clients);
  write(
    "internal/service/ec2/vpc.go",
    "conn := meta.EC2Client(ctx)\nlog := meta.LogsClient(ctx)\n",
  );
  write("internal/service/ec2/vpc_test.go", "conn := meta.ECSClient(ctx)\n");
  write("internal/service/ec2/testdata/a.tf", "");
  write("internal/service/ecs/task.go", "conn := meta.ECSClient(ctx)\n");
  write("names/names.go", "");
  write("version/version.go", "");
  write("docs/much.md", "");
}

test("the list of services keeps those that are named, and everything that is not a service", () => {
  const kept = keepServices(services, ["ec2"]);
  expect(kept).toContain("service/ec2");
  expect(kept).toContain("ec2.ServicePackage(ctx)");
  expect(kept).toContain("internal/conns");
  expect(kept).not.toContain("ecs");
});

test("the list of clients keeps those that are called, with their imports", () => {
  const kept = keepClients(clients, new Set(["LogsClient"]));
  expect(kept).toContain('logs "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"');
  expect(kept).toContain("LogsClient(ctx context.Context)");
  expect(kept).toContain("terraform-provider-aws/names");
  expect(kept).not.toMatch(/ec2|ECS/);
});

test("calls of clients are found", () => {
  expect(calledClients("a := meta.EC2Client(ctx); b.Client(x)")).toEqual(["EC2Client"]);
});

test("a copy holds what the named services need, and no tests", () => {
  provider();
  copyUpstream(join(root, "from"), join(root, "to"), ["ec2"]);
  const there = (path: string) => existsSync(join(root, "to", path));
  expect(there("internal/service/ec2/vpc.go")).toBe(true);
  expect(
    [
      "internal/service/ec2/vpc_test.go",
      "internal/service/ec2/testdata",
      "internal/service/ecs",
      "docs",
    ].filter(there),
  ).toEqual([]);
  const list = readFileSync(join(root, "to/internal/conns/awsclient_gen.go"), "utf8");
  expect(list).toContain("EC2Client");
  expect(list).toContain("LogsClient");
  expect(list).not.toContain("ECSClient");
});

test("a provider whose lists look otherwise is refused", () => {
  provider();
  write("internal/provider/sdkv2/service_packages_gen.go", "package sdkv2\n");
  expect(() => copyUpstream(join(root, "from"), join(root, "to"), ["ec2"])).toThrow(
    /service_packages_gen\.go .* nothing to leave out/,
  );
});
