package dev.custody.source.otlp;

import dev.custody.capture.Observer;
import dev.custody.capture.Recorder;
import dev.custody.event.Event;
import dev.custody.sighting.SessionRedactors;
import dev.custody.sighting.TestObserver;
import dev.custody.source.SessionPlaces;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A receiver and all that it recorded, each source id once. */
final class Intake {
  final List<Event> events = new ArrayList<>();
  final SessionPlaces places = new SessionPlaces();
  final Observer observer;
  private final Set<String> known = new HashSet<>();
  private OtlpReceiver receiver;

  Intake() {
    this(new TestObserver().of("dana"));
  }

  Intake(Observer observer) {
    this.observer = observer;
    restart();
  }

  /** What is held in memory is gone. */
  void restart() {
    receiver = new OtlpReceiver(observer, new SessionRedactors(observer.fingerprints()), places);
  }

  OtlpReceiver.Taken take(Recordings.Request request) throws Exception {
    return receiver.receive(request.signal(), request.encoding(), request.body(), this::record);
  }

  List<Event> takeAll(List<Recordings.Request> requests) throws Exception {
    for (Recordings.Request request : requests) {
      OtlpReceiver.Taken _ = take(request);
    }
    return events;
  }

  private Recorder.Receipt record(List<Event> told) {
    int repeated = 0;
    for (Event event : told) {
      if (known.add(event.source().kind() + ' ' + event.source().id())) {
        events.add(event);
      } else {
        repeated++;
      }
    }
    return new Recorder.Receipt(told.size() - repeated, repeated);
  }
}
