package main

import (
	"strings"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
)

// resources names what the plugin serves: the Terraform type and its Pulumi module and name.
var resources = map[string]string{
	"aws_default_security_group":          "ec2.DefaultSecurityGroup",
	"aws_ebs_volume":                      "ebs.Volume",
	"aws_ec2_tag":                         "ec2.Tag",
	"aws_ecr_lifecycle_policy":            "ecr.LifecyclePolicy",
	"aws_ecr_repository":                  "ecr.Repository",
	"aws_ecr_repository_policy":           "ecr.RepositoryPolicy",
	"aws_efs_access_point":                "efs.AccessPoint",
	"aws_efs_backup_policy":               "efs.BackupPolicy",
	"aws_efs_file_system":                 "efs.FileSystem",
	"aws_efs_file_system_policy":          "efs.FileSystemPolicy",
	"aws_efs_mount_target":                "efs.MountTarget",
	"aws_eip":                             "ec2.Eip",
	"aws_eip_association":                 "ec2.EipAssociation",
	"aws_iam_instance_profile":            "iam.InstanceProfile",
	"aws_iam_policy":                      "iam.Policy",
	"aws_iam_role":                        "iam.Role",
	"aws_iam_role_policy":                 "iam.RolePolicy",
	"aws_iam_role_policy_attachment":      "iam.RolePolicyAttachment",
	"aws_instance":                        "ec2.Instance",
	"aws_internet_gateway":                "ec2.InternetGateway",
	"aws_key_pair":                        "ec2.KeyPair",
	"aws_launch_template":                 "ec2.LaunchTemplate",
	"aws_nat_gateway":                     "ec2.NatGateway",
	"aws_placement_group":                 "ec2.PlacementGroup",
	"aws_route":                           "ec2.Route",
	"aws_route_table":                     "ec2.RouteTable",
	"aws_route_table_association":         "ec2.RouteTableAssociation",
	"aws_security_group":                  "ec2.SecurityGroup",
	"aws_security_group_rule":             "ec2.SecurityGroupRule",
	"aws_ssm_parameter":                   "ssm.Parameter",
	"aws_subnet":                          "ec2.Subnet",
	"aws_volume_attachment":               "ec2.VolumeAttachment",
	"aws_vpc":                             "ec2.Vpc",
	"aws_vpc_endpoint":                    "ec2.VpcEndpoint",
	"aws_vpc_security_group_egress_rule":  "vpc.SecurityGroupEgressRule",
	"aws_vpc_security_group_ingress_rule": "vpc.SecurityGroupIngressRule",
}

// dataSources names what the plugin answers.
var dataSources = map[string]string{
	"aws_ami":                         "ec2.getAmi",
	"aws_availability_zone":           "index.getAvailabilityZone",
	"aws_availability_zones":          "index.getAvailabilityZones",
	"aws_caller_identity":             "index.getCallerIdentity",
	"aws_ec2_instance_type":           "ec2.getInstanceType",
	"aws_ec2_instance_type_offerings": "ec2.getInstanceTypeOfferings",
	"aws_ecr_authorization_token":     "ecr.getAuthorizationToken",
	"aws_ecr_image":                   "ecr.getImage",
	"aws_ecr_repository":              "ecr.getRepository",
	"aws_efs_file_system":             "efs.getFileSystem",
	"aws_efs_mount_target":            "efs.getMountTarget",
	"aws_iam_policy":                  "iam.getPolicy",
	"aws_iam_policy_document":         "iam.getPolicyDocument",
	"aws_iam_role":                    "iam.getRole",
	"aws_instance":                    "ec2.getInstance",
	"aws_instances":                   "ec2.getInstances",
	"aws_internet_gateway":            "ec2.getInternetGateway",
	"aws_key_pair":                    "ec2.getKeyPair",
	"aws_partition":                   "index.getPartition",
	"aws_region":                      "index.getRegion",
	"aws_route_table":                 "ec2.getRouteTable",
	"aws_security_group":              "ec2.getSecurityGroup",
	"aws_ssm_parameter":               "ssm.getParameter",
	"aws_subnet":                      "ec2.getSubnet",
	"aws_subnets":                     "ec2.getSubnets",
	"aws_vpc":                         "ec2.getVpc",
}

func resourceTokens() map[string]*tfbridge.ResourceInfo {
	infos := make(map[string]*tfbridge.ResourceInfo, len(resources))
	for terraform, token := range resources {
		module, name, _ := strings.Cut(token, ".")
		infos[terraform] = &tfbridge.ResourceInfo{Tok: tfbridge.MakeResource(packageName, module, name)}
	}
	return infos
}

func dataSourceTokens() map[string]*tfbridge.DataSourceInfo {
	infos := make(map[string]*tfbridge.DataSourceInfo, len(dataSources))
	for terraform, token := range dataSources {
		module, name, _ := strings.Cut(token, ".")
		infos[terraform] = &tfbridge.DataSourceInfo{Tok: tfbridge.MakeDataSource(packageName, module, name)}
	}
	return infos
}
