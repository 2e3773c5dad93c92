package dev.custody.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.custody.sigma.FieldSource;
import dev.custody.sigma.Logsource;
import dev.custody.sigma.Placeholders;
import dev.custody.sigma.RuleSet;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PipelinesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pipelines PIPELINES = Pipelines.shipped();

  private static FieldSource record(String kind, String json) throws JsonProcessingException {
    return PIPELINES.of(kind).over(JSON.readTree(json));
  }

  @Test
  void aMountedHostPathIsFoundInPodsWorkloadsAndScheduledJobs() throws Exception {
    String volumes = "{\"volumes\":[{\"emptyDir\":{}},{\"hostPath\":{\"path\":\"/etc\"}}]}";
    for (String spec :
        new String[] {
          volumes,
          "{\"template\":{\"spec\":" + volumes + "}}",
          "{\"jobTemplate\":{\"spec\":{\"template\":{\"spec\":" + volumes + "}}}}"
        }) {
      FieldSource record = record("kubernetes", "{\"requestObject\":{\"spec\":" + spec + "}}");
      assertThat(record.values("hostPath")).as(spec).containsExactly("/etc");
      assertThat(record.has("hostPath")).isTrue();
    }
    FieldSource metadataOnly = record("kubernetes", "{\"verb\":\"create\"}");
    assertThat(metadataOnly.values("hostPath")).isEmpty();
    assertThat(metadataOnly.has("hostPath")).isFalse();
  }

  @Test
  void capabilitiesOfAllContainersAreFound() throws Exception {
    String one = "[{\"securityContext\":{\"capabilities\":{\"add\":[\"%s\"]}}}]";
    FieldSource record =
        record(
            "kubernetes",
            "{\"requestObject\":{\"spec\":{\"containers\":%s,\"initContainers\":%s}}}"
                .formatted(one.formatted("NET_ADMIN"), one.formatted("SYS_PTRACE")));
    assertThat(record.foldedValues("capabilities")).containsExactly("net_admin", "sys_ptrace");
  }

  @Test
  void aRecordsOwnFieldStaysBesideTheNameThatIsAdded() throws Exception {
    FieldSource record =
        record("kubernetes", "{\"apiGroup\":\"own\",\"objectRef\":{\"apiGroup\":\"batch\"}}");
    assertThat(record.values("apiGroup")).containsExactly("own", "batch");
    assertThat(record.values("objectRef.apiGroup")).containsExactly("batch");
    assertThat(record("github", "{\"apiGroup\":\"own\"}").values("apiGroup"))
        .containsExactly("own");
  }

  @Test
  void namesBelowDataAreThoseOfTheLogEntry() throws Exception {
    FieldSource record =
        record(
            "gcp",
            """
            {"logName": "projects/p/logs/cloudaudit.googleapis.com%2Factivity",
             "resource": {"type": "k8s_cluster"},
             "protoPayload": {"methodName": "io.k8s.core.v1.pods.create",
               "authorizationInfo": [{"permission": "p", "granted": true}]}}
            """);
    assertThat(record.values("gcp.audit.method_name"))
        .containsExactly("io.k8s.core.v1.pods.create");
    assertThat(record.values("data.protoPayload.methodName"))
        .containsExactly("io.k8s.core.v1.pods.create");
    assertThat(record.values("data.protoPayload.authorizationInfo.granted"))
        .containsExactly("true");
    assertThat(record.values("data.protoPayload.resource.type")).containsExactly("k8s_cluster");
    assertThat(record.values("data.protoPayload.logName"))
        .containsExactly("cloudaudit.googleapis.com%2Factivity");
    assertThat(record.values("logName"))
        .containsExactly("projects/p/logs/cloudaudit.googleapis.com%2Factivity");
    assertThat(record.has("data.none")).isFalse();
  }

  @Test
  void aParameterOfWorkspaceIsFoundByItsName() throws Exception {
    FieldSource record =
        record(
            "gcp",
            """
            {"protoPayload": {"serviceName": "admin.googleapis.com", "metadata": {"event": [
              {"eventName": "ENFORCE_STRONG_AUTHENTICATION", "parameter": [
                {"name": "NEW_VALUE", "value": "false"}, {"name": "OLD_VALUE", "value": "true"},
                {"name": "NEW_VALUE", "boolValue": true}]}]}}}
            """);
    assertThat(record.values("new_value")).containsExactly("false", "true");
    assertThat(record.values("setting_name")).isEmpty();
    assertThat(record.has("setting_name")).isFalse();
    assertThat(record.values("eventName")).containsExactly("ENFORCE_STRONG_AUTHENTICATION");
    assertThat(PIPELINES.of("gcp").logsources(record))
        .containsExactly(
            new Logsource(null, "gcp", "gcp.audit"),
            new Logsource(null, "gcp", "google_workspace.admin"));
  }

  @Test
  void everyValueOfTheRecordIsStillFoundByAKeyword() throws Exception {
    FieldSource record = record("gcp", "{\"protoPayload\":{\"methodName\":\"x\"}}");
    assertThat(record.anyValue("x"::equals)).isTrue();
    assertThat(record.anyValue("y"::equals)).isFalse();
  }

  @Test
  void aLogSourceThatNoEventHasIsKnown() {
    assertThat(PIPELINES.canServe(new Logsource(null, "aws", "cloudtrail"))).isTrue();
    assertThat(PIPELINES.canServe(new Logsource(null, "aws", null))).isTrue();
    assertThat(PIPELINES.canServe(new Logsource("application", null, null))).isTrue();
    assertThat(PIPELINES.canServe(new Logsource("act", "custody", null))).isTrue();
    assertThat(PIPELINES.canServe(new Logsource(null, "windows", "security"))).isFalse();
    assertThat(PIPELINES.canServe(new Logsource(null, "aws", "s3"))).isFalse();
  }

  @Test
  void thePipelinesArePartOfTheDigestOfRules() {
    byte[] rule =
        "title: x\nid: x\nlevel: low\nlogsource: {product: aws}\ndetection:\n  s: {a: 1}\n  condition: s\n"
            .getBytes(StandardCharsets.UTF_8);
    assertThat(RuleSet.of(PIPELINES.context(Placeholders.none()), Map.of("x.yml", rule)).digest())
        .isNotEqualTo(RuleSet.of(Map.of("x.yml", rule)).digest());
  }

  @Test
  void aFileThatIsWrongStopsTheProgram() {
    for (String wrong :
        new String[] {
          "a",
          "fieldz: {}",
          "fields: {a: b}",
          "fields: {a: [1]}",
          "fields: {a: [{path: x}]}",
          "fields: {a: [{list: x, where: {b: c, d: e}, take: [f]}]}",
          "logsources: [{produkt: x}]"
        }) {
      assertThatThrownBy(() -> PipelineFile.read("x", wrong.getBytes(StandardCharsets.UTF_8)))
          .as(wrong)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("pipeline x: expected ");
    }
  }
}
