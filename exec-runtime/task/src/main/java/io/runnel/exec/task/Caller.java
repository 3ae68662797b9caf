package io.runnel.exec.task;

/** Who calls, as far as it was proved. */
public sealed interface Caller {
    /** Nobody in particular: a call without credentials. */
    Caller ANONYMOUS = new Anonymous();

    /** Without credentials. */
    record Anonymous() implements Caller {}

    /**
     * Proved by a key of this account; or this account calls for somebody without credentials whom
     * it lets in by an API of its own.
     *
     * @param keyId of the key; empty where the account calls for somebody
     */
    record Keyed(AccountId account, String keyId) implements Caller {}
}
