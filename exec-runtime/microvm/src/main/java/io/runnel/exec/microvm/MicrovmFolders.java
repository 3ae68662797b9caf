package io.runnel.exec.microvm;

import io.runnel.exec.microvm.image.BaseImages;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where a node keeps what microVMs are made of.
 *
 * @param work of this node alone: images of code, snapshots, machines that run; what is in it can
 *     be made again
 * @param kernels kernels that guests boot, each in a folder; may be missing
 * @param images base images; may be missing
 */
public record MicrovmFolders(Path work, Path kernels, Path images) {
    private static final String KERNELS = "RUNNEL_KERNELS";

    /**
     * Those of a node: its own, and those of its user for what nodes share, as {@code runnel
     * images} has them.
     */
    public static MicrovmFolders of(Path work, Map<String, String> environment) {
        Path images = BaseImages.defaultFolder(environment);
        Path kernels =
                Optional.ofNullable(environment.get(KERNELS))
                        .filter(text -> !text.isBlank())
                        .map(Path::of)
                        .orElseGet(() -> images.resolveSibling("kernels"));
        return new MicrovmFolders(work.toAbsolutePath(), kernels, images);
    }

    Path machines() {
        return work.resolve("m");
    }

    Path shared() {
        return work.resolve("shared");
    }

    /** What was found out about this computer's processor, for all its nodes. */
    Path acceleration() {
        return kernels.resolve("acceleration");
    }

    Path code() {
        return work.resolve("code");
    }

    Path snapshots() {
        return work.resolve("snapshots");
    }
}
