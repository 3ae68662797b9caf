package io.runnel.exec.task;

/** Who calls, as far as it was proved. */
public sealed interface Caller {
    /** Nobody in particular: a call without credentials. */
    Caller ANONYMOUS = new Anonymous();

    /** Without credentials. */
    record Anonymous() implements Caller {}

    /** Proved by a key of this account. */
    record Keyed(AccountId account, String keyId) implements Caller {}
}
