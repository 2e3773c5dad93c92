package dev.custody.accuracy.format;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Programs that call the cloud, by the user agent that they send. */
public enum Client {
  /** AWS CLI 2; it names the command. */
  AWS_CLI,
  /** A Python script. */
  BOTO3,
  /** A Node.js script. */
  JS_SDK,
  /** Terraform's AWS provider. */
  TERRAFORM,
  /** A service written in Java. */
  JAVA_SDK,
  /** Somebody in a browser. */
  BROWSER,
  /** The provider itself. */
  AWS_INTERNAL;

  /**
   * The word by which a command runs it; empty for the AWS CLI, which names its command instead.
   */
  public String program() {
    return switch (this) {
      case BOTO3 -> "python";
      case JS_SDK -> "node";
      case TERRAFORM -> "terraform";
      case JAVA_SDK -> "java";
      case AWS_CLI, BROWSER, AWS_INTERNAL -> "";
    };
  }

  /**
   * The user agent.
   *
   * @param command {@code s3api.get-bucket-policy}, what the CLI was told
   * @param application what {@code AWS_SDK_UA_APP_ID} says, or null
   */
  public String userAgent(String command, @Nullable String application) {
    String app = application == null ? "" : " app/" + application;
    String service = command.substring(0, Math.max(0, command.indexOf('.')));
    return switch (this) {
      case AWS_CLI ->
          "aws-cli/2.31.3 md/awscrt#0.27.6 ua/2.1 os/linux#6.8.0-45-generic md/arch#x86_64"
              + " lang/python#3.13.7 md/pyimpl#CPython m/Z,b,E cfg/retry-mode#standard"
              + " md/installer#exe md/prompt#off md/command#"
              + command.toLowerCase(Locale.ROOT)
              + app;
      case BOTO3 ->
          "Boto3/1.35.10 md/Botocore#1.35.10 ua/2.0 os/linux#6.8.0-45-generic md/arch#x86_64"
              + " lang/python#3.12.3 md/pyimpl#CPython cfg/retry-mode#legacy"
              + app
              + " Botocore/1.35.10";
      case JS_SDK ->
          "aws-sdk-js/3.651.1 ua/2.0 os/linux#6.8.0-45-generic lang/js md/nodejs#20.17.0 api/"
              + service
              + "#3.651.1"
              + app;
      case TERRAFORM ->
          "APN/1.0 HashiCorp/1.0 Terraform/1.9.5 (+https://www.terraform.io)"
              + " terraform-provider-aws/5.67.0"
              + " (+https://registry.terraform.io/providers/hashicorp/aws)"
              + " aws-sdk-go-v2/1.30.5 ua/2.1 os/linux lang/go#1.22.6 md/GOOS#linux"
              + " md/GOARCH#amd64 api/"
              + service
              + "#1.61.0"
              + app;
      case JAVA_SDK ->
          "aws-sdk-java/2.28.1 Linux/6.1.102 OpenJDK_64-Bit_Server_VM/21.0.4 Java/21.0.4" + app;
      case BROWSER ->
          "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
              + " Chrome/141.0.0.0 Safari/537.36";
      case AWS_INTERNAL -> "AWS Internal";
    };
  }
}
