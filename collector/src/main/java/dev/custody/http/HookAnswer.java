package dev.custody.http;

import dev.custody.capture.BadInputException;
import dev.custody.capture.CaptureException;
import dev.custody.capture.HookReply;
import dev.custody.capture.Recorder;
import dev.custody.digest.Bytes;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers a hook once its events are durable, or, where an agent waits for the answer, at the
 * source's deadline. What was late is recorded all the same, and that it was late is, too.
 */
final class HookAnswer {
  private static final Logger LOG = LoggerFactory.getLogger(HookAnswer.class);

  private final HookSource source;
  private final ExecutorService threads;
  private final LargeBodies large;
  private final Recorder recorder;

  HookAnswer(HookSource source, ExecutorService threads, LargeBodies large, Recorder recorder) {
    this.source = source;
    this.threads = threads;
    this.large = large;
    this.recorder = recorder;
  }

  /** The body of the answer; null for none. */
  @Nullable Bytes to(byte[] body, @Nullable String delegation) throws Refusal, CaptureException {
    Future<@Nullable Bytes> task =
        threads.submit(() -> {
          HookReply reply;
          try (LargeBodies.Place _ = large.place(body)) {
            reply = source.receive(body, delegation);
          }
          Recorder.Receipt _ = recorder.record(reply.events());
          return reply.answer();
        });
    try {
      return task.get(source.deadline().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      HookReply late = late(body, "it took more than " + source.deadline().toMillis() + " ms");
      if (late == null) {
        return whole(task);
      }
      recordBehind(late);
      return late.answer();
    } catch (ExecutionException e) {
      return failed(body, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CaptureException("interrupted while recording", e);
    }
  }

  private @Nullable HookReply late(byte[] body, String why) throws Refusal {
    try {
      return source.late(body, why);
    } catch (BadInputException e) {
      throw new Refusal(400, e.getMessage());
    }
  }

  private void recordBehind(HookReply late) {
    threads.execute(() -> {
      try {
        Recorder.Receipt _ = recorder.record(late.events());
      } catch (CaptureException e) {
        LOG.error("a decision that came too late is not recorded: {}", e.getMessage());
      }
    });
  }

  // A hook that nobody waits for is answered when it is durable, however long that takes.
  private static @Nullable Bytes whole(Future<@Nullable Bytes> task)
      throws Refusal, CaptureException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw rethrown(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CaptureException("interrupted while recording", e);
    }
  }

  // What could not be recorded is no decision. Where the policy lets such calls go on, the agent is
  // told of the failure as of any other, and goes on.
  private @Nullable Bytes failed(byte[] body, ExecutionException failure)
      throws Refusal, CaptureException {
    if (failure.getCause() instanceof BadInputException) {
      throw rethrown(failure);
    }
    HookReply late = late(body, "the collector does not record");
    if (late == null || late.answer() == null) {
      throw rethrown(failure);
    }
    recordBehind(late);
    return late.answer();
  }

  private static CaptureException rethrown(ExecutionException e) throws Refusal {
    Throwable cause = e.getCause();
    if (cause instanceof BadInputException bad) {
      throw new Refusal(400, bad.getMessage());
    }
    if (cause instanceof CaptureException capture) {
      return capture;
    }
    if (cause instanceof RuntimeException bug) {
      throw bug;
    }
    if (cause instanceof Error fatal) {
      throw fatal;
    }
    throw new IllegalStateException(cause);
  }
}
