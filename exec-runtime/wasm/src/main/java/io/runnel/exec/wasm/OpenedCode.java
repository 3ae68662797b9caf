package io.runnel.exec.wasm;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.isolate.CodeRejectedException.Code;
import io.runnel.exec.wasi.AssetLimits;
import io.runnel.exec.wasi.Assets;
import io.runnel.exec.wasi.AssetsRejectedException;
import io.runnel.exec.wasi.FileLimits;
import io.runnel.exec.wasi.GuestFiles;
import io.runnel.exec.wasi.HostSources;
import io.runnel.exec.wasi.TaskPackage;

import java.util.Optional;

/**
 * A task's code as it is used.
 *
 * @param module the plain module
 * @param assets what came with it in a package; empty if it came alone
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record OpenedCode(byte[] module, Optional<Assets> assets) {
    /**
     * Opens a package; a plain module is taken as it is.
     *
     * @throws CodeRejectedException if it is a package that does not keep to the rules
     */
    static OpenedCode of(byte[] code) throws CodeRejectedException {
        if (!TaskPackage.isPackage(code)) {
            return new OpenedCode(code, Optional.empty());
        }
        try {
            TaskPackage opened = TaskPackage.open(code, AssetLimits.DEFAULT);
            return new OpenedCode(opened.module(), Optional.of(opened.assets()));
        } catch (AssetsRejectedException e) {
            throw new CodeRejectedException(codeOf(e.code()), e.getMessage(), e);
        }
    }

    private static Code codeOf(AssetsRejectedException.Code code) {
        return switch (code) {
            case TOO_LARGE, TOO_MANY -> Code.TOO_LARGE;
            case MALFORMED, BAD_PATH, DUPLICATE, NOT_A_FILE -> Code.MALFORMED;
            case NO_MODULE -> Code.NO_ENTRY;
        };
    }

    /** What calls get of this host, with the files that came in the package. */
    HostSources filesOn(HostSources host) {
        return assets.map(a -> host.withFiles(GuestFiles.ofTask(a, FileLimits.DEFAULT)))
                .orElse(host);
    }

    /** What its owner may want to know of the assets. */
    Optional<String> note() {
        return assets.map(
                a ->
                        "a package: files (%d) of %d bytes, which calls find at /"
                                .formatted(a.paths().size(), a.contentBytes()));
    }
}
