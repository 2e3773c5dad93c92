package dev.custody.redact;

/** A piece of a secret's form. */
sealed interface Part {
  /** The end of the piece that begins at {@code from}, or -1. */
  int end(String text, int from);

  /** Characters that are always the same. */
  record Literal(String text) implements Part {
    @Override
    public int end(String in, int from) {
      return in.startsWith(text, from) ? from + text.length() : -1;
    }
  }

  /**
   * A run of an alphabet, as long as it goes: one that goes on past {@code most} is none. Members
   * may be escaped, as JSON and URLs do. Failing costs no more than {@code most}.
   */
  record Run(CharSet set, int least, int most) implements Part {
    /** No upper bound. */
    static final int ANY = Integer.MAX_VALUE;

    @Override
    public int end(String text, int from) {
      int at = from;
      for (int count = 0; ; count++) {
        int next = Escape.endOfMember(text, at, set);
        if (next < 0 || count == most) {
          return next < 0 && count >= least ? at : -1;
        }
        at = next;
      }
    }

    /**
     * Where the run that ends before {@code end} begins, or -1; a part of a longer one if it may.
     */
    int start(String text, int end, boolean whole) {
      int at = end;
      int longest = whole ? most + 1 : most;
      while (at > 0 && end - at < longest && set.has(text.charAt(at - 1))) {
        at--;
      }
      if (at < end && at > 0 && Boundary.escapeEndsAt(text, at + 1)) {
        at++; // The n of \n.
      }
      return end - at >= least && end - at <= most ? at : -1;
    }
  }

  /** A form that takes code to read. */
  enum Code implements Part {
    JWT {
      @Override
      public int end(String text, int from) {
        return JsonWebToken.end(text, from, JsonWebToken.SHORTEST_SIGNATURE);
      }
    },
    UNSIGNED_JWT {
      @Override
      public int end(String text, int from) {
        return JsonWebToken.end(text, from, 0);
      }
    },
    PRIVATE_KEY {
      @Override
      public int end(String text, int from) {
        return PrivateKeyBlock.end(text, from);
      }
    }
  }
}
