"""What moto lacks of AWS, as far as the laboratory needs it; each function says what and why."""

import collections
import json
import random

from moto.core.utils import utcnow
from moto.ec2.models import EC2Backend, elastic_ip_addresses, elastic_network_interfaces
from moto.ec2.models.instances import Instance
from moto.ec2.responses.instances import InstanceResponse
from moto.efs.models import FileSystem
from moto.efs.responses import EFSResponse
from moto.ssm.models import Parameter, ParameterDict

ARM_IMAGE, X86_IMAGE, GPU_IMAGE = "ami-1e749f67", "ami-785db401", "ami-04681a1dbd79675a5"


def close_gaps():
    give_public_addresses()
    add_image_parameters()
    add_backup_policies()
    remember_what_instances_were_asked()
    remember_what_disks_were_asked()
    end_with_the_machine()


def give_public_addresses():
    """moto takes public addresses from this machine's own loopback or from the Internet."""

    def address():
        return f"198.{random.choice((18, 19))}.{random.randint(0, 255)}.{random.randint(1, 254)}"

    elastic_ip_addresses.random_ip = address
    elastic_network_interfaces.random_public_ip = address


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


def remember_what_disks_were_asked():
    """moto forgets the speed of a disk that comes with its machine."""
    known = InstanceResponse._parse_block_device_mapping
    add = EC2Backend.run_instances

    def parse(self):
        asked = self._get_param("BlockDeviceMappings", [])
        for mapping, disk in zip(found := known(self), asked):
            mapping["Ebs"]["Throughput"] = disk.get("Ebs", {}).get("Throughput")
        return found

    def run(self, *arguments, **options):
        reservation = add(self, *arguments, **options)
        for disk in options.get("block_device_mappings") or []:
            for instance in reservation.instances:
                volume = self.volumes[instance.block_device_mapping[disk["DeviceName"]].volume_id]
                volume.throughput = disk["Ebs"].get("Throughput") or 125
                volume.iops = disk["Ebs"].get("Iops") or volume.iops
        return reservation

    InstanceResponse._parse_block_device_mapping = parse
    EC2Backend.run_instances = run


def end_with_the_machine():
    """moto keeps the interface and the private address of a machine that is gone; with AWS they go."""
    end = Instance.terminate

    def terminate(self):
        if self.state == "terminated":
            return self._state
        subnet = self.ec2_backend.get_subnet(self.subnet_id)
        self.nics[0].delete_on_termination = True
        previous = end(self)
        for address in [ip for ip, user in subnet._subnet_ips.items() if user is self]:
            subnet.del_subnet_ip(address)
        return previous

    Instance.terminate = terminate
