package io.runnel.exec.isolate;

/**
 * A slot that is taken.
 *
 * @param holder whose share it counts in
 * @param takenNanos since when
 */
record Slot(AccountShare holder, long takenNanos) {}
