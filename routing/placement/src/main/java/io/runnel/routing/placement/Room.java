package io.runnel.routing.placement;

/** Whether this node can take one more call of a task. */
public enum Room {
    /** A slot and the memory are free now. */
    FREE,
    /** Nothing is free now, but something is expected to be before a region could answer. */
    SOON,
    /** Nothing is free now nor soon, but the bounded queue has a place. */
    QUEUE,
    /** Neither. */
    FULL
}
