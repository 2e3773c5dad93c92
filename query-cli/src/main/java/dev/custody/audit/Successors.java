package dev.custody.audit;

import dev.custody.admission.ChainMemory;
import dev.custody.audit.Failure.Where;
import dev.custody.chain.ChainHead;
import dev.custody.digest.ChainId;
import dev.custody.event.Body;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a chain's genesis says of the chain before, against what is stored of it. */
record Successors(Map<ChainId, ChainAudit> chains) {
  void check() {
    Map<ChainId, ChainId> successors = new LinkedHashMap<>();
    for (ChainAudit chain : chains.values()) {
      Where where = chain.genesis();
      Body.Predecessor named = chain.predecessor();
      if (where != null && named != null) {
        ChainId rival = successors.putIfAbsent(named.chain(), chain.id());
        if (rival != null) {
          chain.fail(new Failure.RivalSuccessor(where, named.chain(), rival));
        }
        compare(chain, where, named);
      }
    }
  }

  /** Whether a chain says that it follows more of another one than was read. */
  boolean lack() {
    return chains.values().stream().anyMatch(this::lacksPredecessor);
  }

  private boolean lacksPredecessor(ChainAudit chain) {
    Body.Predecessor named = chain.predecessor();
    if (named == null) {
      return false;
    }
    ChainHead head = headOf(chains.get(named.chain()));
    return head == null || head.sequence() < named.sequence();
  }

  private static @Nullable ChainHead headOf(@Nullable ChainAudit chain) {
    return chain == null ? null : chain.head();
  }

  private static Failure missing(Body.Predecessor named, long held, Where successor) {
    return new Failure.MissingTail(
        new Where(named.chain(), held + 1, successor.place()),
        named.chain(),
        named.sequence(),
        held);
  }

  private void compare(ChainAudit chain, Where where, Body.Predecessor named) {
    ChainAudit predecessor = chains.get(named.chain());
    ChainHead head = headOf(predecessor);
    if (predecessor == null || head == null) {
      chain.fail(missing(named, -1, where));
      return;
    }
    ChainMemory.State own = chain.state();
    ChainMemory.State before = predecessor.state();
    if (own != null && before != null && !own.collector().equals(before.collector())) {
      chain.fail(new Failure.ForeignSuccessor(where, before.collector(), own.collector()));
    } else if (named.sequence() > head.sequence()) {
      predecessor.fail(missing(named, head.sequence(), where));
    } else if (named.sequence() < head.sequence()) {
      chain.fail(
          new Failure.ForgottenTail(where, named.chain(), named.sequence(), head.sequence()));
    } else if (!named.link().equals(head.link())) {
      chain.fail(
          new Failure.OtherTail(where, named.chain(), named.sequence(), named.link(), head.link()));
    }
  }
}
