package dev.custody.accuracy.scenario;

import dev.custody.accuracy.format.CloudAct;
import dev.custody.accuracy.world.Credential;
import dev.custody.accuracy.world.Dice;
import java.util.List;
import java.util.Map;

/** The cloud operations that people, agents and programs of the organisation are wont to do. */
final class Catalog {
  private static final List<String> BUCKETS =
      List.of(
          "acme-billing-prod",
          "acme-billing-dev",
          "acme-media",
          "acme-reports",
          "acme-web-assets",
          "acme-ml-archive",
          "acme-audit-archive",
          "acme-exports");
  private static final List<String> FUNCTIONS =
      List.of("resize-images", "send-invoices", "sync-crm", "nightly-report");
  private static final List<String> SERVICES = List.of("checkout", "search", "gateway", "mailer");
  private static final List<String> TABLES = List.of("orders", "carts", "sessions", "invoices");

  private Catalog() {}

  /** Any operation. */
  static CloudAct any(Dice dice) {
    return switch (dice.between(0, 13)) {
      case 0 -> act("s3:ListBuckets", "s3api list-buckets", Map.of(), true);
      case 1 -> bucket("s3:GetBucketPolicy", "s3api get-bucket-policy --bucket %s", true, dice);
      case 2 -> bucket("s3:CreateBucket", "s3api create-bucket --bucket %s", false, dice);
      case 3 -> bucket("s3:DeleteBucket", "s3api delete-bucket --bucket %s", false, dice);
      case 4 -> act("ec2:DescribeInstances", "ec2 describe-instances", Map.of(), true);
      case 5 -> {
        String id = "i-0" + dice.hex(16);
        yield act(
            "ec2:StopInstances",
            "ec2 stop-instances --instance-ids " + id,
            Map.of("instancesSet", id),
            false);
      }
      case 6 ->
          named(
              "lambda:GetFunction20150331v2",
              "lambda get-function --function-name %s",
              "functionName",
              dice.pick(FUNCTIONS),
              true);
      case 7 ->
          named(
              "lambda:UpdateFunctionConfiguration20150331v2",
              "lambda update-function-configuration --timeout 30 --function-name %s",
              "functionName",
              dice.pick(FUNCTIONS),
              false);
      case 8 ->
          named(
              "ecs:UpdateService",
              "ecs update-service --cluster main --service %s",
              "service",
              dice.pick(SERVICES),
              false);
      case 9 ->
          named(
              "dynamodb:DescribeTable",
              "dynamodb describe-table --table-name %s",
              "tableName",
              dice.pick(TABLES),
              true);
      case 10 -> act("rds:DescribeDBInstances", "rds describe-db-instances", Map.of(), true);
      case 11 ->
          named(
              "ssm:GetParameter",
              "ssm get-parameter --name /app/%s",
              "name",
              dice.pick(SERVICES),
              true);
      case 12 -> act("logs:DescribeLogGroups", "logs describe-log-groups", Map.of(), true);
      default -> object(dice);
    };
  }

  /** Reads or writes an object of a bucket: a data event. */
  static CloudAct object(Dice dice) {
    String bucket = dice.pick(BUCKETS);
    String key = "export-" + dice.hex(6) + ".csv";
    boolean put = dice.chance(0.4);
    return new CloudAct(
        put ? "s3:PutObject" : "s3:GetObject",
        put
            ? "s3 cp " + key + " s3://" + bucket + "/" + key
            : "s3 cp s3://" + bucket + "/" + key + " .",
        Map.of("bucketName", bucket, "key", key),
        !put,
        true);
  }

  /** What a plan of Terraform reads and changes. */
  static CloudAct infrastructure(Dice dice) {
    List<CloudAct> acts =
        List.of(
            act("ec2:DescribeVpcs", "ec2 describe-vpcs", Map.of(), true),
            act("ec2:DescribeSubnets", "ec2 describe-subnets", Map.of(), true),
            act("iam:GetRole", "iam get-role", Map.of("roleName", "app-" + dice.hex(4)), true),
            act("iam:ListRolePolicies", "iam list-role-policies", Map.of(), true),
            act("ec2:DescribeSecurityGroups", "ec2 describe-security-groups", Map.of(), true),
            act(
                "ec2:CreateSecurityGroup",
                "ec2 create-security-group",
                Map.of("groupName", "sg-" + dice.hex(6)),
                false),
            bucket("s3:GetBucketVersioning", "s3api get-bucket-versioning --bucket %s", true, dice),
            act("kms:DescribeKey", "kms describe-key", Map.of("keyId", dice.uuid()), true));
    return dice.pick(acts);
  }

  static CloudAct callerIdentity() {
    return act("sts:GetCallerIdentity", "sts get-caller-identity", Map.of(), true);
  }

  static CloudAct assumeRole(Credential issued) {
    if (!(issued.principal() instanceof Credential.Principal.RoleSession role)) {
      throw new IllegalArgumentException("only roles are assumed, found " + issued.principal());
    }
    String arn = "arn:aws:iam::" + Credential.ACCOUNT + ":role/" + role.role();
    return act(
        "sts:AssumeRole",
        "sts assume-role --role-arn %s --role-session-name %s".formatted(arn, role.session()),
        Map.of("roleArn", arn, "roleSessionName", role.session()),
        true);
  }

  static CloudAct createAccessKey(Credential issued) {
    return named(
        "iam:CreateAccessKey",
        "iam create-access-key --user-name %s",
        "userName",
        issued.name(),
        false);
  }

  private static CloudAct bucket(String action, String command, boolean readOnly, Dice dice) {
    return named(action, command, "bucketName", dice.pick(BUCKETS), readOnly);
  }

  private static CloudAct named(
      String action, String command, String parameter, String name, boolean readOnly) {
    return act(action, command.formatted(name), Map.of(parameter, name), readOnly);
  }

  private static CloudAct act(
      String action, String command, Map<String, String> parameters, boolean readOnly) {
    return new CloudAct(action, command, parameters, readOnly, false);
  }
}
