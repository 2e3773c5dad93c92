package dev.custody.campaign;

/** Where something is stored. */
record Spot(int partition, long offset) {
  @Override
  public String toString() {
    return partition + ":" + offset;
  }
}
