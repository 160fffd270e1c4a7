module swarmyard.local/airgap/parent

go 1.26
