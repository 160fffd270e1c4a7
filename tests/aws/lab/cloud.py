"""The API of a small cloud: moto's server, with what the laboratory must see and what moto lacks.

Speaks AWS on one port and JSON on a second one: /machines, /calls, /refused and /left. Prints both ports when
it is ready and ends when its standard input does, so that it outlives nobody.
"""

import base64
import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# Policies such as AmazonSSMManagedInstanceCore; read when moto is imported.
os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"

from gaps import close_gaps
from moto.core import responses as core
from moto.ec2.models import ec2_backends
from moto.efs.models import efs_backends
from moto.iam.models import iam_backends
from moto.ecr.models import ecr_backends
from moto.moto_server.threaded_moto_server import ThreadedMotoServer
from rights import ID, KINDS, REGION, flat, refused

ACCOUNT = "123456789012"
calls = []
refusals = set()
# The state's bucket and its key are not the operator's policy.
judged = {"ec2", "ecr", "elasticfilesystem", "iam", "ssm", "sts", "tag"}


def record_calls():
    """Keeps the name of each call as a policy spells it, and what the operator's policy refuses of it."""
    prefixes = {"efs": "elasticfilesystem", "resourcegroupstaggingapi": "tag"}
    answer = core.BaseResponse.call_action

    def recorded(self):
        service = self.service_name or ""
        prefix, action = prefixes.get(service, service), self._get_action()
        calls.append(f"{prefix}:{action}")
        if prefix in judged:
            refusals.update(judge(self, prefix, action))
        return answer(self)

    core.BaseResponse.call_action = recorded


def judge(response, prefix, action):
    try:
        return refused(prefix, action, said(response), World())
    except Exception as error:
        # Whoever called gets an answer; the test that asks for refusals sees this one.
        return [f"{prefix}:{action} cannot be judged: {error!r}"]


def said(response):
    """Everything that a call says, as texts with their paths."""
    try:
        body = json.loads(response.body or "{}")
    except (TypeError, ValueError):
        body = {}
    return flat(dict(response.querystring)) + flat(body) + flat(dict(response.uri_match or {}))


class World:
    """What exists, as far as a policy looks at it."""

    def resources(self, texts):
        """Kind, id and tags of what is there of some ids."""
        found = []
        for text in sorted(self.meant(texts)):
            if (match := ID.match(text)) and (tags := self.tags(text)) is not None:
                found.append((KINDS[match[1]], text, tags))
        return found

    def meant(self, texts):
        """Associations and mount targets stand for what they belong to."""
        meant = set(texts)
        for backend in backends(ec2_backends):
            for table in backend.route_tables.values():
                if meant & table.all_associations_ids:
                    meant.add(table.id)
            for address in backend.addresses:
                if address.association_id in meant:
                    meant.add(address.allocation_id)
        for backend in backends(efs_backends):
            for target in backend.mount_targets_by_id.values():
                if target.mount_target_id in meant:
                    meant.add(target.file_system_id)
        return meant

    def tags(self, name):
        if name.startswith("fs-"):
            backend = efs_backends[ACCOUNT][REGION]
            known = name in backend.file_systems_by_id
            return {tag["Key"]: tag["Value"] for tag in backend.list_tags_for_resource(name)} if known else None
        return dict(ec2_backends[ACCOUNT][REGION].tags.get(name, {}))

    def boundary(self, role):
        for backend in backends(iam_backends):
            for one in backend.roles.values():
                if one.name == role:
                    return getattr(one, "permissions_boundary_arn", None)
        return None


def backends(service):
    return [backend for _, backend in service[ACCOUNT].items()]


def machines():
    found = []
    for backend in backends(ec2_backends):
        for instance in backend.all_instances():
            tags = {tag["key"]: tag["value"] for tag in instance.get_tags()}
            found.append(
                {
                    "id": instance.id,
                    "name": tags.get("Name", instance.id),
                    "state": instance.state,
                    "address": instance.private_ip,
                    "publicAddress": instance.public_ip,
                    "image": instance.image_id,
                    "type": instance.instance_type,
                    "spot": instance.lifecycle == "spot",
                    "userData": decoded(instance.user_data),
                }
            )
    return found


def decoded(text):
    if text is None:
        return ""
    return base64.b64decode(str(text)).decode()


def file_systems():
    return [one for backend in backends(efs_backends) for one in backend.file_systems_by_id]


def left():
    """Everything that costs or blocks, apart from what an account has from the beginning."""
    names = []
    for backend in backends(ec2_backends):
        names += [f"instance {m['name']}" for m in machines_of(backend)]
        names += [f"vpc {vpc.id}" for vpc in backend.vpcs.values() if not is_true(vpc.is_default)]
        names += [f"subnet {one.id}" for one in backend.describe_subnets() if not is_true(one.default_for_az)]
        names += [f"security group {one.name}" for one in backend.describe_security_groups() if one.name != "default"]
        names += [f"volume {one.id}" for one in backend.volumes.values()]
        names += [f"network interface {one}" for one in backend.enis]
        names += [f"address {one}" for one in backend.addresses]
        names += [f"internet gateway {one}" for one in backend.internet_gateways]
        names += [f"key pair {one.name}" for one in backend.describe_key_pairs([])]
    for backend in backends(efs_backends):
        names += [f"file system {one}" for one in backend.file_systems_by_id]
        names += [f"mount target {one}" for one in backend.mount_targets_by_id]
    for backend in backends(ecr_backends):
        names += [f"repository {one}" for one in backend.repositories]
    for backend in backends(iam_backends):
        names += [f"role {one.name}" for one in backend.roles.values()]
        names += [f"instance profile {one}" for one in backend.instance_profiles]
    return sorted(set(names))


def is_true(value):
    return str(value).lower() == "true"


def machines_of(backend):
    alive = [one for one in backend.all_instances() if one.state != "terminated"]
    return [{"name": one.id} for one in alive]


class Window(BaseHTTPRequestHandler):
    views = {"/machines": machines, "/file-systems": file_systems, "/calls": lambda: calls, "/refused": lambda: sorted(refusals), "/left": left}

    def do_GET(self):
        view = self.views.get(self.path)
        body = json.dumps(view() if view else None).encode()
        self.send_response(200 if view else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def main():
    record_calls()
    close_gaps()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    window = ThreadingHTTPServer(("127.0.0.1", 0), Window)
    threading.Thread(target=window.serve_forever, daemon=True).start()
    ports = {"api": server.get_host_and_port()[1], "window": window.server_address[1]}
    print(json.dumps(ports), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
