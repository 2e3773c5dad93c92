package dev.custody.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.redact.SecretPatterns;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;

/** Texts to redact: ordinary ones, ones full of secrets, and ones made to be slow. */
public enum BenchText {
  /** The documentation. */
  PROSE {
    @Override
    String piece(Random random) throws IOException {
      return files("docs", ".md");
    }
  },
  /** The sources of the collector. */
  CODE {
    @Override
    String piece(Random random) throws IOException {
      return files("collector/src/main/java", ".java");
    }
  },
  /** What an agent's hooks sent. */
  AGENT_JSON {
    @Override
    String piece(Random random) throws IOException {
      return resource("/agents/claude-code-2.1.330-incident.jsonl");
    }
  },
  /** Records of about 1.5 KB, without secrets. */
  CLOUDTRAIL {
    @Override
    String piece(Random random) {
      return TRAIL_RECORD.formatted(hex(random, 12), hex(random, 12), hex(random, 12)) + "\n";
    }
  },
  /** Hardly anything but secrets, each with a name. */
  SECRETS {
    @Override
    String piece(Random random) {
      return "export GH_%d=%s%s\nDB_PASSWORD: \"%s\"\nurl=postgres://app:%s@db/x\n"
          .formatted(
              random.nextInt(100), "ghp" + "_", hex(random, 36), hex(random, 12), hex(random, 10));
    }
  },
  /** The begins of tokens. */
  PREFIXES {
    @Override
    String piece(Random random) {
      return "ghp_sk-eyJglpat-xoxb-AKIASG.hf_npm_sk_live_dapishpat_AIzaAAAA-----BEGIN ";
    }
  },
  /** Nothing but what may separate a name from its value. */
  SIGNS {
    @Override
    String piece(Random random) {
      return "=:=:====::::,\"=>:=";
    }
  },
  /** The words that secrets stand beside. */
  WORDS {
    @Override
    String piece(Random random) {
      return "password token secret key credential data:kind=value: name --token -p ";
    }
  },
  /** Base64 of base64 of base64. */
  NESTED_BASE64 {
    @Override
    String piece(Random random) {
      String text = "A=1\nB=" + hex(random, 3000) + "\n";
      for (int i = 0; i < 3; i++) {
        text = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
      }
      return text + " ";
    }
  };

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TRAIL_RECORD =
      """
      {"eventVersion":"1.11","userIdentity":{"type":"AssumedRole","principalId":"AROAHARNESSFAKE000001:custody-7f3a",\
      "arn":"arn:aws:sts::123456789012:assumed-role/Deploy/custody-7f3a","accountId":"123456789012",\
      "accessKeyId":"ASIAHARNESSFAKE00002","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROAHARNESSFAKE000001",\
      "arn":"arn:aws:iam::123456789012:role/Deploy","accountId":"123456789012","userName":"Deploy"},\
      "attributes":{"creationDate":"2026-11-22T06:59:03Z","mfaAuthenticated":"false"},"sourceIdentity":"dana"}},\
      "eventTime":"2026-11-22T06:59:03Z","eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"eu-west-1",\
      "sourceIPAddress":"198.51.100.7","userAgent":"[aws-cli/2.31.0 md/awscrt#0.27.6 ua/2.1 os/linux#6.8 md/arch#x86_64 lang/python#3.13.7]",\
      "requestParameters":{"bucketName":"acme-prod-builds","Host":"acme-prod-builds.s3.eu-west-1.amazonaws.com","key":"builds/%s/app.tar.gz"},\
      "responseElements":null,"additionalEventData":{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256",\
      "bytesTransferredIn":0,"SSEApplied":"Default_SSE_S3","AuthenticationMethod":"AuthHeader","x-amz-id-2":"n3bTq","bytesTransferredOut":734},\
      "requestID":"%s","eventID":"0d1f7a52-5a4e-4a26-9a4e-%s","readOnly":true,\
      "resources":[{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::acme-prod-builds/builds/app.tar.gz"},\
      {"accountId":"123456789012","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::acme-prod-builds"}],"eventType":"AwsApiCall",\
      "managementEvent":false,"recipientAccountId":"123456789012","eventCategory":"Data",\
      "tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"acme-prod-builds.s3.eu-west-1.amazonaws.com"}}""";

  abstract String piece(Random random) throws IOException;

  /** Pieces until there are so many characters. */
  String make(int length) throws IOException {
    Random random = new Random(1);
    StringBuilder text = new StringBuilder(length);
    while (text.length() < length) {
      text.append(piece(random));
    }
    text.setLength(length);
    return text.toString();
  }

  /** The same as trees, a line each, where the text is JSON. */
  List<JsonNode> trees(int length) throws IOException {
    List<JsonNode> trees = new ArrayList<>();
    if (this == AGENT_JSON || this == CLOUDTRAIL) {
      String text = make(length);
      for (String line : text.substring(0, text.lastIndexOf('\n')).split("\n")) {
        trees.add(JSON.readTree(line));
      }
    }
    return trees;
  }

  /** So many kinds of the built-in patterns, and invented ones when those are used up. */
  static String patterns(int kinds) throws IOException {
    String builtIn =
        new String(
            Objects.requireNonNull(SecretPatterns.class.getResourceAsStream(SecretPatterns.FILE))
                .readAllBytes(),
            StandardCharsets.UTF_8);
    String[] parts = builtIn.split("(?m)^kind ");
    StringBuilder text = new StringBuilder(parts[0]);
    Random random = new Random(2);
    for (int i = 1; i <= kinds; i++) {
      if (i < parts.length) {
        text.append("kind ").append(parts[i]);
      } else {
        String letters = letters(random, 8);
        text.append("kind invented-%s high\n  word %s_ alnum{30,}\n".formatted(letters, letters))
            .append("  example %s_ aB3x*8\n".formatted(letters));
      }
    }
    return text.toString();
  }

  private static String letters(Random random, int count) {
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < count; i++) {
      letters.append((char) ('a' + random.nextInt(26)));
    }
    return letters.toString();
  }

  private static String hex(Random random, int digits) {
    StringBuilder hex = new StringBuilder();
    for (int i = 0; i < digits; i++) {
      hex.append(Character.forDigit(random.nextInt(16), 16));
    }
    return hex.toString();
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(BenchText.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The files below a directory of the repository, wherever in it this runs. */
  private static String files(String directory, String extension) throws IOException {
    Path here = Path.of("").toAbsolutePath();
    Path repository = Files.isDirectory(here.resolve("docs")) ? here : here.getParent();
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.walk(Objects.requireNonNull(repository).resolve(directory))) {
      for (Path file : files.filter(f -> f.toString().endsWith(extension)).sorted().toList()) {
        text.append(Files.readString(file));
      }
    }
    return text.toString();
  }
}
