package dev.custody.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * CloudTrail as an account of some hundred roles writes it: data events of S3, reads of EC2 and
 * IAM, failures, role sessions with their session context, and now and then a role that is assumed,
 * with its token. About 1.5 KB a record.
 */
final class GeneratedTrail {
  private static final Instant BEGIN = Instant.parse("2026-11-22T06:00:00Z");
  private static final int ROLES = 300;
  private static final List<String> AGENTS =
      List.of(
          "aws-cli/2.31.0 md/awscrt#0.27.6 ua/2.1 os/linux#6.12 md/arch#x86_64 lang/python#3.13.7 md/pyimpl#CPython cfg/retry-mode#standard md/installer#exe md/prompt#off md/command#s3.cp",
          "Boto3/1.40.30 md/Botocore#1.40.30 ua/2.1 os/linux#6.12 md/arch#x86_64 lang/python#3.13.7 app/custody-0123456789abcdef0123",
          "aws-sdk-go-v2/1.39.0 ua/2.1 os/linux lang/go#1.25.1 md/GOOS#linux api/s3#1.88.1 m/E,g",
          "APN/1.0 HashiCorp/1.0 Terraform/1.13.0 (+https://www.terraform.io) terraform-provider-aws/6.13.0");

  private final SplittableRandom random;

  private GeneratedTrail(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** Writes {@code records} records to {@code file}, as CloudTrail delivers them. */
  static void write(Path file, long records, long seed) throws IOException {
    GeneratedTrail trail = new GeneratedTrail(seed);
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write("{\"Records\":[");
      for (long i = 0; i < records; i++) {
        out.write(i == 0 ? "" : ",");
        out.write(trail.record(i));
      }
      out.write("]}");
    }
  }

  private String record(long number) {
    int kind = random.nextInt(100);
    if (kind < 45) {
      return call(number, "s3", kind < 30 ? "GetObject" : "PutObject", object(number), "null", "");
    }
    if (kind < 70) {
      return call(number, "ec2", "DescribeInstances", instances(), "null", "");
    }
    if (kind < 80) {
      return call(number, "iam", "GetRole", "{\"roleName\":\"deploy-" + kind + "\"}", "null", "");
    }
    if (kind < 90) {
      return call(number, "kms", "Decrypt", decryption(), "null", "");
    }
    if (kind < 98) {
      String denied =
          "\"errorCode\":\"AccessDenied\",\"errorMessage\":\"User: arn:aws:sts::123456789012:assumed-role/reports/run is not authorized to perform: s3:ListAllMyBuckets because no identity-based policy allows the s3:ListAllMyBuckets action\",";
      return call(number, "s3", "ListBuckets", "{\"Host\":\"s3.amazonaws.com\"}", "null", denied);
    }
    return call(number, "sts", "AssumeRole", assumption(), credentials(number), "");
  }

  private String call(
      long number, String service, String name, String request, String response, String error) {
    int role = random.nextInt(ROLES);
    String session = "run-" + role + "-" + number / 1000;
    return String.format(
        Locale.ROOT,
        """
        {"eventVersion":"1.11","userIdentity":{"type":"AssumedRole","principalId":"AROAHARNESS%09d:%s","arn":"arn:aws:sts::123456789012:assumed-role/service-%d/%s","accountId":"123456789012","accessKeyId":"ASIAHARNESS%09d","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROAHARNESS%09d","arn":"arn:aws:iam::123456789012:role/service-%d","accountId":"123456789012","userName":"service-%d"},"attributes":{"creationDate":"2026-11-22T05:58:00Z","mfaAuthenticated":"false"}}},"eventTime":"%s","eventSource":"%s.amazonaws.com","eventName":"%s","awsRegion":"eu-central-1","sourceIPAddress":"198.51.100.%d","userAgent":"%s",%s"requestParameters":%s,"responseElements":%s,"additionalEventData":{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":0,"AuthenticationMethod":"AuthHeader","x-amz-id-2":"%s","bytesTransferredOut":%d},"requestID":"%s","eventID":"%s","readOnly":%s,"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"123456789012","eventCategory":"Management","tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"%s.eu-central-1.amazonaws.com"}}""",
        role,
        session,
        role,
        session,
        number / 50,
        role,
        role,
        role,
        BEGIN.plusSeconds(number / 100),
        service,
        name,
        random.nextInt(256),
        AGENTS.get(random.nextInt(AGENTS.size())),
        error,
        request,
        response,
        base64(76),
        random.nextInt(100_000),
        id(),
        id(),
        !name.startsWith("Put"),
        service);
  }

  private String object(long number) {
    return String.format(
        Locale.ROOT,
        "{\"bucketName\":\"acme-reports-%d\",\"key\":\"2026/11/22/part-%d.parquet\",\"Host\":\"acme-reports.s3.eu-central-1.amazonaws.com\"}",
        random.nextInt(40),
        number);
  }

  private String instances() {
    return "{\"maxResults\":1000,\"instancesSet\":{},\"filterSet\":{\"items\":[{\"name\":\"tag:Environment\",\"valueSet\":{\"items\":[{\"value\":\"production\"}]}},{\"name\":\"vpc-id\",\"valueSet\":{\"items\":[{\"value\":\"vpc-0123456789abcdef0\"}]}}]}}";
  }

  private String decryption() {
    return "{\"encryptionContext\":{\"aws:s3:arn\":\"arn:aws:s3:::acme-reports-1\"},\"encryptionAlgorithm\":\"SYMMETRIC_DEFAULT\"}";
  }

  private String assumption() {
    int role = random.nextInt(ROLES);
    return "{\"roleArn\":\"arn:aws:iam::123456789012:role/service-" + role
        + "\",\"roleSessionName\":\"run-" + role + "\",\"durationSeconds\":3600}";
  }

  private String credentials(long number) {
    return String.format(
        Locale.ROOT,
        "{\"credentials\":{\"accessKeyId\":\"ASIAHARNESS%09d\",\"sessionToken\":\"IQoJb3JpZ2luX2Vj%s\",\"expiration\":\"Nov 22, 2026, 7:58:00 AM\"},\"assumedRoleUser\":{\"assumedRoleId\":\"AROAHARNESS000000001:run\",\"arn\":\"arn:aws:sts::123456789012:assumed-role/service-1/run\"}}",
        number / 50 + 1,
        base64(400));
  }

  private String base64(int length) {
    String digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(digits.charAt(random.nextInt(64)));
    }
    return text.toString();
  }

  private String id() {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }
}
