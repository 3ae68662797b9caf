package io.runnel.exec.durable;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.TaskRef;

import java.time.Instant;

/**
 * A call that was accepted and runs later. It bears nothing that proves who called: who may, is
 * asked again when it runs.
 *
 * @param id of the call, and of every run of it
 * @param asked what was called, and how
 * @param task what that was when the event was accepted; its owner's rule counts
 * @param payer the account that is charged, and among whose events it counts
 * @param keyId the payer's access key that it was called with; empty if nobody showed one
 * @param payload what the guest reads; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record KeptEvent(
        RequestId id,
        Kind kind,
        Asked asked,
        TaskRef task,
        AccountId payer,
        String keyId,
        byte[] payload,
        Instant acceptedAt,
        Progress progress) {
    /** The largest payload that a caller may bring. */
    public static final ByteSize MOST_PAYLOAD = ByteSize.ofMiB(1);

    /** Where an event comes from. */
    public enum Kind {
        /** Somebody called. */
        CALL,
        /** The end of another event is told to a task of its owner. */
        LETTER,
        /** A schedule of the task's owner ticked. */
        TICK
    }

    /**
     * What was called, by the name by which it was called.
     *
     * @param task a task, or a caller's own name for one
     * @param source the caller's IP address
     * @param context what the call said of its client, in Base64; empty for nothing
     */
    public record Asked(TaskRef task, Qualifier named, String source, String context) {}

    /**
     * How far it is.
     *
     * @param runs how often it ran and failed
     * @param waits how often in turn it could not be run
     * @param dueAt not before this it is run; of one that a node has, when that one's lease ends
     * @param claim how often a node took it: tells one lease from the next
     */
    public record Progress(int runs, int waits, Instant dueAt, long claim) {
        /** Of one that was just accepted. */
        public static Progress begun(Instant now) {
            return new Progress(0, 0, now, 0);
        }
    }

    /** Who calls, as far as it was proved. */
    public Caller caller() {
        return keyId.isEmpty() ? Caller.ANONYMOUS : new Caller.Keyed(payer, keyId);
    }

    /** Without the payload, which may be secret. */
    @Override
    public String toString() {
        return "KeptEvent[%s %s %s]".formatted(id, task, progress);
    }
}
