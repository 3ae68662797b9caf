package io.runnel.exec.isolate;

/** The parts of a start that finds nothing ready, in their order. */
public enum StartPhase {
    /** Code is brought to this node. */
    FETCH,
    /** Code is read and compared with its digest. */
    VERIFY,
    /** Code is parsed and checked, so that it runs. */
    PARSE,
    /** Code is made as fast as it gets. */
    COMPILE,
    /** An isolate is made of it. */
    INSTANTIATE,
    /** What the guest does once before its first call. */
    INIT
}
