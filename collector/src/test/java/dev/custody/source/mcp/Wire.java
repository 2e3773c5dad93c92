package dev.custody.source.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.custody.admission.TrustedRoots;
import dev.custody.capture.HookReply;
import dev.custody.capture.Observer;
import dev.custody.delegations.Bindings;
import dev.custody.delegations.DelegationBook;
import dev.custody.delegations.MemoryNotes;
import dev.custody.enforce.DecisionPoint;
import dev.custody.enforce.Policy;
import dev.custody.event.Body;
import dev.custody.event.Event;
import dev.custody.sighting.TestObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A wrapper that hands in one message at a time, and the source that reads it. */
final class Wire {
  static final ObjectMapper JSON = new ObjectMapper();

  final TestObserver clock = new TestObserver();
  final MemoryNotes notes = new MemoryNotes();
  final List<Event> told = new ArrayList<>();
  final ObjectNode head = JSON.createObjectNode().put("instance", "11112222-run").put("cwd", "/w");
  private final Observer observer = clock.of("dana");
  private final Policy policy;
  private McpSource source;
  private long sequence;

  Wire(Policy policy) throws Exception {
    this.policy = policy;
    this.source = open();
  }

  Wire() throws Exception {
    this(Policy.OBSERVE);
  }

  private McpSource open() throws Exception {
    DelegationBook book = DelegationBook.open(notes, new TrustedRoots(List.of()), clock);
    return McpSource.open(observer, notes, new Bindings(book), new DecisionPoint(book, policy));
  }

  /** What the source has in memory is gone, what it noted is not. */
  void restart() throws Exception {
    source = open();
  }

  McpSource source() {
    return source;
  }

  /** A message; JSON with single quotes. */
  List<Event> client(String json) throws Exception {
    return send("client", json.replace('\'', '"'), false).events();
  }

  List<Event> server(String json) throws Exception {
    return send("server", json.replace('\'', '"'), false).events();
  }

  HookReply ask(String json) throws Exception {
    return send("client", json.replace('\'', '"'), true);
  }

  HookReply send(String from, String text, boolean ask) throws Exception {
    ObjectNode message = JSON.createObjectNode().put("from", from).put("text", text);
    return deliver(message, ask);
  }

  HookReply deliver(ObjectNode message, boolean ask) throws Exception {
    HookReply reply = source.receive(body(message, ask), null);
    source.recorded(reply.events());
    told.addAll(reply.events());
    return reply;
  }

  byte[] body(ObjectNode message, boolean ask) throws Exception {
    message.put("sequence", sequence++).put("at", clock.instant().toEpochMilli() + sequence);
    ObjectNode body = head.deepCopy().put("ask", ask);
    body.putArray("messages").add(message);
    return JSON.writeValueAsBytes(body);
  }

  /** Both sides say who they are. */
  void begin(String client, String server) throws Exception {
    var _ =
        client(
            """
            {'jsonrpc':'2.0','id':0,'method':'initialize','params':{'protocolVersion':'2025-06-18',
            'capabilities':{},'clientInfo':{'name':'%s','version':'2.1.330'}}}\
            """
                .formatted(client)
                .replace("\n", ""));
    var _ =
        server(
            """
            {'jsonrpc':'2.0','id':0,'result':{'protocolVersion':'2025-06-18','capabilities':{},
            'serverInfo':{'name':'%s','version':'1.0'}}}\
            """
                .formatted(server)
                .replace("\n", ""));
  }

  static JsonNode content(Event event) throws Exception {
    return JSON.readTree(event.content().toByteArray());
  }

  static @Nullable JsonNode reply(HookReply reply) throws Exception {
    return reply.answer() == null
        ? null
        : JSON.readTree(Objects.requireNonNull(reply.answer()).toByteArray()).path("reply");
  }

  static List<String> kinds(List<Event> events) {
    return events.stream()
        .map(event ->
            event.body() instanceof Body.Observed observed ? observed.kind() : event.body().name())
        .toList();
  }
}
