package io.runnel.routing.edge;

import io.runnel.attestation.KeyId;
import io.runnel.attestation.signature.SigningKey;
import io.runnel.attestation.signature.SigningScope;

import java.util.concurrent.CompletableFuture;

/** Keys by which a node checks what callers signed. Safe for any thread; never blocks. */
@FunctionalInterface
public interface SigningKeys {
    /** What the secret of a caller's key gives for a scope. Fails if nobody tells it now. */
    CompletableFuture<SigningKey> of(KeyId key, SigningScope scope);
}
