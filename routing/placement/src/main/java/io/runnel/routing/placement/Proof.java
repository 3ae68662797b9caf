package io.runnel.routing.placement;

import io.runnel.exec.task.Caller;
import io.runnel.exec.task.CredentialFlaw;

/** What came of a call's credentials. */
public sealed interface Proof {
    /** They prove this caller; without any it is {@link Caller#ANONYMOUS}. */
    record Proved(Caller caller) implements Proof {}

    /** The task's owner has it called, by what it says of the task; nobody shows anything. */
    record Owner() implements Proof {}

    /** There are some, and they prove nothing: the access is denied, whatever is wrong. */
    record Bad(CredentialFlaw flaw) implements Proof {}
}
