package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.Limits;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Blobs: code by its SHA-256, brought before it is published. */
final class BlobOperations {
    static final int MOST_UPLOADS = 8;

    private final ControlSettings settings;
    private final BlobOwners owners;
    private final Executor worker;
    private final AtomicInteger uploads = new AtomicInteger();
    private final AtomicLong names = new AtomicLong();

    /**
     * Removes what an earlier run left in the folder of uploads.
     *
     * @throws UncheckedIOException if the folder cannot be made or emptied
     */
    BlobOperations(ControlSettings settings, BlobOwners owners, Executor worker) {
        this.settings = settings;
        this.owners = owners;
        this.worker = worker;
        empty(settings.uploads());
    }

    private static void empty(Path folder) {
        try {
            Files.createDirectories(folder);
            try (Stream<Path> files = Files.list(folder)) {
                for (Path left : files.filter(Files::isRegularFile).toList()) {
                    Files.delete(left);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be emptied", e);
        }
    }

    private static CodeDigest digest(Call call) {
        String text = call.values().get("sha256");
        if (!CodeDigest.isValid(text)) {
            throw RefusedException.invalid("sha256", "must be 64 of 0-9 and a-f");
        }
        return new CodeDigest(text);
    }

    CompletionStage<Reply> head(Call call) {
        CodeDigest digest = digest(call);
        boolean here =
                settings.codes().holds(digest)
                        && owners.has(call.catalog(), call.account(), digest);
        if (!here) {
            throw new RefusedException(ControlError.BLOB_NOT_FOUND);
        }
        return CompletableFuture.completedFuture(Reply.empty(200));
    }

    CompletionStage<Reply> put(Call call) {
        CodeDigest digest = digest(call);
        long most = Limits.MODULE.bytes();
        if (Upload.announcedBytes(call.request()) > most) {
            throw new RefusedException(
                    ErrorCode.PAYLOAD_TOO_LARGE, "at most %s".formatted(Limits.MODULE));
        }
        if (uploads.incrementAndGet() > MOST_UPLOADS) {
            uploads.decrementAndGet();
            throw new RefusedException(ErrorCode.OVER_CAPACITY);
        }
        Path file = settings.uploads().resolve("upload-" + names.incrementAndGet());
        CompletionStage<Reply> kept =
                new Upload(settings.vertx(), call.exchange(), file, most)
                        .receive()
                        .thenApplyAsync(received -> keep(call, digest, file, received), worker);
        // Who is answered finds nothing left of it.
        return kept.handle((reply, failure) -> remove(file))
                .thenCompose(removed -> removed)
                .thenCompose(gone -> kept);
    }

    private CompletionStage<Boolean> remove(Path file) {
        return settings.vertx()
                .fileSystem()
                .delete(file.toString())
                .map(true)
                .otherwise(false)
                .onComplete(gone -> uploads.decrementAndGet())
                .toCompletionStage();
    }

    /** Keeps code that an account brought. Blocks. */
    CodeDigest bring(AccountId account, byte[] code) {
        try {
            CodeDigest digest = settings.codes().put(code);
            owners.brought(account, digest);
            return digest;
        } catch (IOException e) {
            throw Failures.disk(e);
        }
    }

    /** On a worker. */
    private Reply keep(Call call, CodeDigest wanted, Path file, CodeDigest received) {
        if (!wanted.equals(received)) {
            throw new RefusedException(
                    ControlError.DIGEST_MISMATCH, "the bytes are those of " + received);
        }
        boolean known = settings.codes().holds(wanted);
        try {
            byte[] code = Files.readAllBytes(file);
            if (!bring(call.account(), code).equals(wanted)) {
                throw new IllegalStateException(file + " changed while it was read");
            }
            ObjectNode json = ControlJson.object();
            json.put("digest", wanted.value());
            json.put("sizeBytes", code.length);
            return known ? Reply.ok(json) : Reply.created("/v1/blobs/" + wanted, json);
        } catch (IOException e) {
            throw Failures.disk(e);
        }
    }
}
