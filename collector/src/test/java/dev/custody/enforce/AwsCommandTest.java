package dev.custody.enforce;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AwsCommandTest {
  private static String acts(String command) {
    StringBuilder text = new StringBuilder();
    for (Act act : AwsCommand.actsOf(command)) {
      text.append(text.isEmpty() ? "" : "; ").append(act.action());
      act.resources().forEach(r -> text.append(' ').append(r.replace("arn:aws:s3:::", "")));
      text.append(act.complete() ? "" : " ...");
    }
    return text.toString();
  }

  static List<Arguments> calls() {
    return List.of(
        Arguments.of("aws s3 ls", "s3:ListBuckets"),
        Arguments.of("aws s3 ls s3://acme", "s3:ListObjects acme"),
        Arguments.of("aws s3 rb s3://prod", "s3:DeleteBucket prod"),
        Arguments.of(
            "aws s3 rb s3://prod --force",
            "s3:ListObjects prod; s3:DeleteObject prod/*; s3:DeleteBucket prod"),
        Arguments.of("aws s3 mb s3://new1", "s3:CreateBucket new1"),
        Arguments.of("aws s3 rm s3://acme/a/b", "s3:DeleteObject acme/a/b"),
        Arguments.of(
            "aws s3 rm --recursive s3://acme/a", "s3:ListObjects acme; s3:DeleteObject acme/a*"),
        Arguments.of("aws s3 cp x s3://acme/y", "s3:PutObject acme/y"),
        Arguments.of("aws s3 cp s3://acme/y .", "s3:GetObject acme/y"),
        Arguments.of("aws s3 cp --acl private x s3://acme/y", "s3:PutObject acme/y"),
        Arguments.of(
            "aws s3 mv s3://acme/y s3://other/z",
            "s3:GetObject acme/y; s3:PutObject other/z; s3:DeleteObject acme/y"),
        Arguments.of(
            "aws s3 sync . s3://acme/site --delete",
            "s3:PutObject acme/site*; s3:ListObjects acme; s3:DeleteObject acme/site*"),
        Arguments.of("aws s3api get-object --bucket acme --key a/b out", "s3:GetObject acme/a/b"),
        Arguments.of("aws s3api delete-bucket --bucket=acme", "s3:DeleteBucket acme"),
        Arguments.of("aws s3api list-buckets", "s3:ListBuckets"),
        Arguments.of("aws s3api get-object --bucket acme --key $KEY out", "s3:GetObject ..."),
        Arguments.of(
            "aws --profile prod --region eu-west-1 sts get-caller-identity",
            "sts:GetCallerIdentity ..."),
        Arguments.of(
            "aws sts assume-role --role-arn arn:aws:iam::123456789012:role/x --role-session-name y",
            "sts:AssumeRole arn:aws:iam::123456789012:role/x ..."),
        Arguments.of(
            "AWS_PROFILE=x sudo /usr/local/bin/aws ec2 terminate-instances --instance-ids i-1",
            "ec2:TerminateInstances ..."),
        Arguments.of(
            "cd /tmp && aws s3 ls | grep x; aws s3 rb 's3://prod'",
            "s3:ListBuckets; s3:DeleteBucket prod"),
        Arguments.of("echo $(aws s3 rb s3://prod)", "s3:DeleteBucket prod"),
        Arguments.of("if true; then aws s3 rb \"s3://prod\"; fi", "s3:DeleteBucket prod"),
        Arguments.of("aws s3 rb \\s3://prod 2>/dev/null >out", "s3:DeleteBucket prod"),
        Arguments.of("aws s3 rb s3://$BUCKET", "s3:DeleteBucket ..."),
        Arguments.of(
            "aws elbv2 describe-load-balancers", "elasticloadbalancing:DescribeLoadBalancers ..."));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void aPlainCallIsReadInTheWordsOfCloudTrail(String command, String expected) {
    assertThat(acts(command)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo aws s3 rb s3://prod",
        "echo 'aws s3 rb s3://prod'",
        "# aws s3 rb s3://prod",
        "aws $SERVICE rb s3://prod",
        "aws s3 $OPERATION s3://prod",
        "$AWS s3 rb s3://prod",
        "aws help",
        "aws s3 help",
        "aws s3 rm s3://prod/x --dryrun",
        "cat <<EOF\naws s3 rb s3://prod\nEOF\n",
        "cat <<-'END' > f\n\taws s3 rb s3://prod\n\tEND\necho done",
        "grep aws s3.txt",
        "aws",
        "",
        "python deploy.py"
      })
  void whatIsNoPlainCallGivesNothing(String command) {
    assertThat(acts(command)).isEmpty();
  }

  @Test
  void whatFollowsAHereDocumentIsReadAgain() {
    assertThat(acts("cat <<EOF\naws s3 ls\nEOF\naws s3 rb s3://prod"))
        .isEqualTo("s3:DeleteBucket prod");
  }

  @Test
  void anyTextIsReadInBoundedTime() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    String alphabet = "aws s3 rb://\"'\\$`(){}<>|&;#\n\t~*-=x";
    for (int i = 0; i < 2000; i++) {
      StringBuilder text = new StringBuilder("aws ");
      for (int n = random.nextInt(200); n > 0; n--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      assertThat(AwsCommand.actsOf(text.toString()))
          .as("seed %d: %s", seed, text)
          .hasSizeLessThanOrEqualTo(5 * ShellWords.MOST_COMMANDS);
    }
    assertThat(AwsCommand.actsOf("aws s3 ls;".repeat(100_000)))
        .hasSizeLessThanOrEqualTo(ShellWords.MOST_COMMANDS);
  }
}
