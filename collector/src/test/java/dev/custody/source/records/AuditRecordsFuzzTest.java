package dev.custody.source.records;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.custody.capture.BadInputException;
import dev.custody.event.Event;
import dev.custody.fuzz.Written;
import dev.custody.sighting.TestObserver;
import dev.custody.source.cloudtrail.CloudTrailSource;
import dev.custody.source.gcp.GcpSource;
import dev.custody.source.github.GitHubSource;
import dev.custody.source.kubernetes.KubernetesSource;
import java.util.List;

class AuditRecordsFuzzTest {
  @FuzzTest
  void aRecordOfCloudTrailIsTakenOrRefused(byte[] bytes) {
    take(new CloudTrailSource(new TestObserver().of("dana")), bytes);
  }

  @FuzzTest
  void aRecordOfGoogleCloudIsTakenOrRefused(byte[] bytes) {
    take(new GcpSource(new TestObserver().of("dana")), bytes);
  }

  @FuzzTest
  void aRecordOfGitHubIsTakenOrRefused(byte[] bytes) {
    take(new GitHubSource(new TestObserver().of("dana")), bytes);
  }

  @FuzzTest
  void aRecordOfKubernetesIsTakenOrRefused(byte[] bytes) {
    take(new KubernetesSource(new TestObserver().of("dana")), bytes);
  }

  private static void take(AuditLog log, byte[] bytes) {
    List<Event> events;
    try {
      events = Sample.events(new RecordReader(log), bytes);
    } catch (BadInputException refused) {
      return;
    }
    Written.allReadBack(events);
  }
}
