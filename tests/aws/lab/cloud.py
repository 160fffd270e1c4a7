"""The API of a small cloud: moto's server, with what the laboratory must see and what moto lacks.

Speaks AWS on one port and JSON on a second one: /machines, /calls and /left. Prints both ports when
it is ready and ends when its standard input does, so that it outlives nobody.
"""

import base64
import collections
import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# Policies such as AmazonSSMManagedInstanceCore; read when moto is imported.
os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"

from moto.core import responses as core
from moto.ec2.models import EC2Backend, ec2_backends
from moto.ec2.models.instances import Instance
from moto.efs.models import FileSystem, efs_backends
from moto.efs.responses import EFSResponse
from moto.iam.models import iam_backends
from moto.ecr.models import ecr_backends
from moto.moto_server.threaded_moto_server import ThreadedMotoServer
from moto.ssm.models import Parameter, ParameterDict
from moto.core.utils import utcnow

ACCOUNT = "123456789012"
ARM_IMAGE, X86_IMAGE, GPU_IMAGE = "ami-1e749f67", "ami-785db401", "ami-04681a1dbd79675a5"
calls = []


def record_calls():
    """Keeps the name of each call as a policy spells it."""
    prefixes = {"efs": "elasticfilesystem", "resourcegroupstaggingapi": "tag"}
    answer = core.BaseResponse.call_action

    def recorded(self):
        service = self.service_name or ""
        calls.append(f"{prefixes.get(service, service)}:{self._get_action()}")
        return answer(self)

    core.BaseResponse.call_action = recorded


def add_image_parameters():
    """Canonical's and the deep learning images' public parameters, which moto does not know."""
    known = ParameterDict._check_loading_status

    def check(self, key):
        known(self, key)
        image = image_of(str(key or ""))
        if image is not None and not dict.__contains__(self, key):
            collections.defaultdict.__getitem__(self, key).append(parameter(self.account_id, key, image))

    ParameterDict._check_loading_status = check


def image_of(name):
    if name.startswith("/aws/service/deeplearning/ami/") and name.endswith("/latest/ami-id"):
        return GPU_IMAGE
    if name.startswith("/aws/service/canonical/ubuntu/server/") and name.endswith("/ami-id"):
        return ARM_IMAGE if "/arm64/" in name else X86_IMAGE
    return None


def parameter(account, name, value):
    return Parameter(
        account_id=account,
        name=name,
        value=value,
        parameter_type="String",
        description=None,
        allowed_pattern=None,
        keyid=None,
        last_modified_date=utcnow(),
        version=1,
        data_type="aws:ec2:image",
    )


def add_backup_policies():
    """moto answers what a file system's backup policy is, but lets nobody set it."""

    def put_backup_policy(self):
        system = self.efs_backend.file_systems_by_id[self._get_param("FileSystemId")]
        policy = self._get_param("BackupPolicy")
        system._backup = policy["Status"] in ("ENABLED", "ENABLING")
        return json.dumps({"BackupPolicy": policy}), {"Content-Type": "application/json"}

    def backup_policy(self):
        return {"Status": "ENABLED" if self._backup else "DISABLED"}

    EFSResponse.put_backup_policy = put_backup_policy
    FileSystem.backup_policy = property(backup_policy)


class SpotRequest:
    """What AWS makes of an instance that is asked for with the spot market's options."""

    def __init__(self, instance):
        self.id = self.spot_instance_request_id = f"sir-{instance.id[-8:]}"
        self.type = self.spot_instance_type = "one-time"
        self.instance_interruption_behavior = "terminate"
        self.instance_id = instance.id
        self.state = "active"
        self.status = {"Code": "fulfilled", "Message": "Your Spot request is fulfilled."}


def remember_what_instances_were_asked():
    """moto forgets the spot market's options and, with a network interface, the security groups."""
    add = EC2Backend.run_instances

    def run(self, *arguments, **options):
        reservation = add(self, *arguments, **options)
        for instance in reservation.instances:
            if instance.lifecycle == "spot":
                request = SpotRequest(instance)
                instance.spot_instance_request_id = request.id
                self.spot_instance_requests[request.id] = request
        return reservation

    def groups(self):
        own = self.__dict__.get("asked_groups")
        nics = list(getattr(self, "nics", {}).values())
        return own or (nics[0]._group_set if nics else own)

    def set_groups(self, groups):
        self.__dict__["asked_groups"] = groups

    EC2Backend.run_instances = run
    Instance.security_groups = property(groups, set_groups)


def end_with_the_machine():
    """moto keeps the interface and the private address of a machine that is gone; with AWS they go."""
    end = Instance.terminate

    def terminate(self):
        subnet = self.ec2_backend.get_subnet(self.subnet_id)
        self.nics[0].delete_on_termination = True
        previous = end(self)
        for address in [ip for ip, user in subnet._subnet_ips.items() if user is self]:
            subnet.del_subnet_ip(address)
        return previous

    Instance.terminate = terminate


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
    views = {"/machines": machines, "/file-systems": file_systems, "/calls": lambda: calls, "/left": left}

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
    add_image_parameters()
    add_backup_policies()
    remember_what_instances_were_asked()
    end_with_the_machine()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    window = ThreadingHTTPServer(("127.0.0.1", 0), Window)
    threading.Thread(target=window.serve_forever, daemon=True).start()
    ports = {"api": server.get_host_and_port()[1], "window": window.server_address[1]}
    print(json.dumps(ports), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
