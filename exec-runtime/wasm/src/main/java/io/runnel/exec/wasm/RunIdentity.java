package io.runnel.exec.wasm;

import io.runnel.exec.task.InstanceDocuments;
import io.runnel.exec.task.Invocation;
import io.runnel.exec.wasi.GuestTerms;
import io.runnel.exec.wasi.HostSources;

import java.util.Optional;

/**
 * What one run can prove of itself. Most never ask: when it began is reckoned back from the first
 * time that it is asked for, by the host's monotonic clock, and stays what it was then. One thread.
 */
final class RunIdentity implements GuestTerms.Self {
    private final HostSources host;
    private final Invocation call;
    private final boolean restored;
    private final long beganNanos;
    private Optional<InstanceDocuments.Run> known = Optional.empty();

    /**
     * Of a run of this call.
     *
     * @param beganNanos when it began, on the host's nano clock
     */
    RunIdentity(HostSources host, Invocation call, boolean restored, long beganNanos) {
        this.host = host;
        this.call = call;
        this.restored = restored;
        this.beganNanos = beganNanos;
    }

    @Override
    public Optional<String> document(String audience, String nonce) {
        if (known.isEmpty()) {
            long runNanos = host.nanoClock().getAsLong() - beganNanos;
            known =
                    Optional.of(
                            new InstanceDocuments.Run(
                                    call, restored, host.clock().instant().minusNanos(runNanos)));
        }
        return host.documents().of(known.get(), audience, nonce);
    }
}
