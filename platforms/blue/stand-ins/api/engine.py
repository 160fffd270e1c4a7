"""The Docker engine behind the socket that is mounted, as far as blue's API uses it."""

import http.client
import json
import socket

SOCKET = "/var/run/docker.sock"


class Refused(Exception):
    """What the Docker engine said."""


class ToSocket(http.client.HTTPConnection):
    def __init__(self):
        super().__init__("localhost", timeout=30)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(SOCKET)


def call(method, path, body=None):
    connection = ToSocket()
    try:
        text = None if body is None else json.dumps(body)
        connection.request(method, path, text, {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer = response.read()
    finally:
        connection.close()
    if response.status >= 400:
        raise Refused(answer.decode(errors="replace"))
    return json.loads(answer) if answer.strip() else None


def services():
    """Every service of the swarm with its hostname and container labels, which each must have."""
    found = []
    for service in call("GET", "/services"):
        container = service["Spec"]["TaskTemplate"]["ContainerSpec"]
        found.append(
            {
                "id": service["ID"],
                "name": service["Spec"]["Name"],
                "hostname": container["Hostname"],
                "labels": container["Labels"],
            }
        )
    return found


def create_agent(platform, registry, agent, image, properties):
    """Creates an agent as blue does: unnamed, outside every stack. Gives its id."""
    volume = f"blue_{platform}_data"
    arguments = ["--serve", agent, "--platform", platform, "--registry", registry]
    container = {
        "Image": image,
        "Args": [*arguments, "--properties", json.dumps(properties)],
        "Hostname": f"blue_agent_{registry}_{agent}",
        "Labels": {"blue.agent": f"{platform}.{registry}.{agent}"},
        "Mounts": [{"Type": "volume", "Source": volume, "Target": "/blue_data"}],
        # The stand-in of an agent asks for them.
        "Env": [f"BLUE_DEPLOY_PLATFORM={platform}", f"BLUE_AGENT_REGISTRY={registry}"],
    }
    spec = {
        "TaskTemplate": {
            "ContainerSpec": container,
            "Networks": [{"Target": f"blue_platform_{platform}_network_overlay"}],
            "Placement": {"Constraints": ["node.labels.target==agent"]},
        },
        # The kernel of a local machine may have no IP_VS, which virtual addresses need.
        "EndpointSpec": {"Mode": "dnsrr"},
    }
    return call("POST", "/services/create", spec)["ID"]
