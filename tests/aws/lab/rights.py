"""Whether the policy that docs/ gives to operators allows a call, with its conditions.

moto answers anybody. What is checked of a call is what AWS checks: each resource that it names by its
tags, and what it creates by the tags that it asks for.
"""

import fnmatch
import json
import pathlib
import re

DOCS = pathlib.Path(__file__).resolve().parents[3] / "docs"
STATEMENTS = json.loads((DOCS / "aws-operator-policy.json").read_text())["Statement"]
ACCOUNT, REGION = "123456789012", "eu-west-1"

KINDS = {
    "vpc": "vpc", "subnet": "subnet", "igw": "internet-gateway", "rtb": "route-table", "sg": "security-group",
    "i": "instance", "vol": "volume", "eni": "network-interface", "eipalloc": "elastic-ip", "fs": "file-system",
    "sir": "spot-instances-request",
}  # fmt: skip
CREATED = {
    "CreateVpc": "vpc", "CreateSubnet": "subnet", "CreateRouteTable": "route-table",
    "CreateSecurityGroup": "security-group", "CreateInternetGateway": "internet-gateway",
    "AllocateAddress": "elastic-ip", "RunInstances": "instance", "CreateFileSystem": "file-system",
}  # fmt: skip
ID = re.compile(rf"^({'|'.join(KINDS)})-[0-9a-f]{{8,17}}$")


# The provider asks for them of an image, which has none, and does without an answer.
WITHOUT_EFFECT = {"ec2:GetInstanceUefiData"}


def listed(value):
    return value if isinstance(value, list) else [value]


def like(value, patterns):
    return any(fnmatch.fnmatchcase(value, pattern) for pattern in listed(patterns))


def holds(operator, key, wanted, context):
    value = context.get(key)
    if operator == "Null":
        return (value is None) == (wanted == "true")
    if operator == "StringNotEquals":
        return value is None or value not in listed(wanted)
    if value is None:
        return False
    if operator in ("StringEquals", "ArnEquals"):
        return value in listed(wanted)
    if operator == "StringLike":
        return like(value, wanted)
    raise NotImplementedError(operator)


def applies(statement, action, arn, context):
    if "Action" in statement and not like(action, statement["Action"]):
        return False
    if "NotAction" in statement and like(action, statement["NotAction"]):
        return False
    conditions = statement.get("Condition", {}).items()
    return like(arn, statement["Resource"]) and all(
        holds(operator, key, wanted, context) for operator, pairs in conditions for key, wanted in pairs.items()
    )


def allowed(action, arn, context):
    """Whether the policy allows an action on a resource: no statement denies it, and one allows it."""
    found = {one["Effect"] for one in STATEMENTS if applies(one, action, arn, {"aws:RequestedRegion": REGION, **context})}
    return found == {"Allow"}


def arn_of(kind, name="new"):
    service = "elasticfilesystem" if kind == "file-system" else "ec2"
    account = "" if kind == "image" else ACCOUNT
    return f"arn:aws:{service}:{REGION}:{account}:{kind}/{name}"


def flat(value, path=""):
    """The texts in what a call says, each with its path."""
    if isinstance(value, dict):
        return [pair for key, one in value.items() for pair in flat(one, f"{path}.{key}")]
    if isinstance(value, list):
        return [pair for index, one in enumerate(value) for pair in flat(one, f"{path}.{index}")]
    return [(path, str(value))]


def tags_in(texts):
    """Tags that a call asks for. A list of them has pairs of `Key` and `Value`."""
    said = {path.removesuffix(".0"): text for path, text in texts}
    keys = [path for path in said if re.search(r"Tag.*\.Key$", path)]
    return {said[path]: said.get(f"{path.removesuffix('Key')}Value", "") for path in keys}


def demands(prefix, action, texts, world):
    """The actions that a call needs, each with the resource and what is known of it."""
    request = {f"aws:RequestTag/{key}": value for key, value in tags_in(texts).items()}
    name = f"{prefix}:{action}"
    of_names = by_name(name, dict(texts), world)
    if of_names is not None:
        return of_names
    needed = []
    if (kind := CREATED.get(action)) is not None:
        needed.append((name, arn_of(kind), request))
        tag = "TagResource" if prefix == "elasticfilesystem" else "CreateTags"
        if request:
            needed.append((f"{prefix}:{tag}", arn_of(kind), {**request, f"{prefix}:CreateAction": action}))
    if action == "RunInstances":
        needed += [(name, arn_of(kind), {}) for kind in ("network-interface", "volume", "image")]
    asked = request if action in ("CreateTags", "TagResource") else {}
    for kind, found, tags in world.resources({text for _, text in texts}):
        owned = {f"aws:ResourceTag/{key}": value for key, value in tags.items()}
        needed.append((name, arn_of(kind, found), {**asked, **owned}))
    return needed or [(name, "*", request)]


def by_name(name, texts, world):
    """Of services whose resources have names that a policy can limit."""
    def given(*keys):
        return next((text for path, text in texts.items() if path.strip(".").removesuffix(".0") in keys), None)

    if name == "ssm:GetParameter":
        return [(name, f"arn:aws:ssm:{REGION}::parameter{given('Name')}", {})]
    if name.startswith("ecr:") and (repository := given("repositoryName", "resourceArn", "repositoryNames")) is not None:
        return [(name, f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/{repository.split(':repository/')[-1]}", {})]
    if not name.startswith("iam:"):
        return None
    role, profile = given("RoleName"), given("InstanceProfileName")
    boundary = given("PermissionsBoundary") or (world.boundary(role) if role else None)
    context = {} if boundary is None else {"iam:PermissionsBoundary": boundary}
    kind, one = ("instance-profile", profile) if profile else ("role", role)
    needed = [(name, f"arn:aws:iam::{ACCOUNT}:{kind}/{one}" if one else "*", context)]
    if name == "iam:AddRoleToInstanceProfile":
        needed.append(("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/{role}", {"iam:PassedToService": "ec2.amazonaws.com"}))
    return needed


def refused(prefix, action, texts, world):
    """What of a call the policy does not allow, a line each."""
    return [
        f"{what} on {arn} with {json.dumps(context, sort_keys=True)}"
        for what, arn, context in demands(prefix, action, texts, world)
        if what not in WITHOUT_EFFECT and not allowed(what, arn, context)
    ]
