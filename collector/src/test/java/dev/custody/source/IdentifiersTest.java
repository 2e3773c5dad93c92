package dev.custody.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.custody.event.Identifier;
import dev.custody.event.IdentifierKind;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IdentifiersTest {
  @Test
  void identifiersAreReadInOrderAndOnce() {
    String text =
        """
        AWS_ACCESS_KEY_ID: AKIAHARNESSFAKE00001 and ASIAHARNESSFAKE00002\\nAKIAHARNESSFAKE00001
        arn:aws:sts::123456789012:assumed-role/Deploy/custody-7f3a.
        aws sts assume-role --role-session-name ci@7 --source-identity "dana"
        {\\"SourceIdentity\\": \\"erin\\"} --role-session-name $NAME XAKIAHARNESSFAKE00001X
        """;
    assertThat(Identifiers.in(text))
        .containsExactly(
            new Identifier(IdentifierKind.AWS_ACCESS_KEY_ID, "AKIAHARNESSFAKE00001"),
            new Identifier(IdentifierKind.AWS_ACCESS_KEY_ID, "ASIAHARNESSFAKE00002"),
            new Identifier(IdentifierKind.AWS_ROLE_SESSION, "Deploy/custody-7f3a"),
            new Identifier(IdentifierKind.AWS_ROLE_SESSION, "ci@7"),
            new Identifier(IdentifierKind.AWS_SOURCE_IDENTITY, "dana"),
            new Identifier(IdentifierKind.AWS_SOURCE_IDENTITY, "erin"));
  }

  @Test
  void theCredentialThatKubectlShowsIsOne() {
    assertThat(
            Identifiers.in(
                "Extra: authentication.kubernetes.io/credential-id  "
                    + "[JTI=17ab4926-813f-4ffe-9173-f288d07c1b31] JTI=17ab4926-813f"))
        .containsExactly(
            new Identifier(
                IdentifierKind.KUBERNETES_CREDENTIAL, "JTI=17ab4926-813f-4ffe-9173-f288d07c1b31"));
  }

  @Test
  void aListingIsCutAtTheMost() {
    String text =
        IntStream.range(0, 100)
            .mapToObj("AKIAHARNESSFAKE%05d"::formatted)
            .collect(Collectors.joining("\n"));
    assertThat(Identifiers.in(text)).hasSize(Identifiers.MOST);
    assertThat(Resources.in(text.replace("AKIAHARNESSFAKE", "s3://acme-"))).hasSize(Resources.MOST);
  }

  @Test
  void resourcesAreArnsAndObjectsOfS3() {
    String text =
        "aws s3 rb s3://acme-prod-builds --force; \"arn:aws:iam::123456789012:role/Deploy\","
            + " s3://acme-prod-builds/a/b.gz. s3://$1 arn:x";
    assertThat(Resources.in(text))
        .containsExactly(
            "arn:aws:s3:::acme-prod-builds",
            "arn:aws:iam::123456789012:role/Deploy",
            "arn:aws:s3:::acme-prod-builds/a/b.gz");
  }
}
