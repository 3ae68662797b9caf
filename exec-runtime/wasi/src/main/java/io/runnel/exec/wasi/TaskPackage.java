package io.runnel.exec.wasi;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A module with its assets in one archive: a zip with {@value #MODULE} and a folder {@value
 * #ASSETS}, and nothing else. So a task's code is one blob, with one digest, with or without
 * assets.
 *
 * @param module not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record TaskPackage(byte[] module, Assets assets) {
    /** Where the module is. */
    public static final String MODULE = "task.wasm";

    /** What the paths of assets begin with. */
    public static final String ASSETS = "assets/";

    private static final int FIRST_ENTRY = 0x04034b50;
    private static final int NO_ENTRY = 0x06054b50;

    /** Whether this is a package, good or bad, rather than a module: a zip archive. */
    public static boolean isPackage(byte[] code) {
        if (code.length < 4) {
            return false;
        }
        int signature = LittleEndian.i32(code, 0);
        return signature == FIRST_ENTRY || signature == NO_ENTRY;
    }

    /**
     * What is in a package.
     *
     * @param archive is not needed any more when this returns
     * @throws AssetsRejectedException if it is broken or does not keep to the rules
     */
    public static TaskPackage open(byte[] archive, AssetLimits limits)
            throws AssetsRejectedException {
        return ZipReader.taskPackage(archive, limits);
    }

    /**
     * The package of a module and a folder, within the default limits. The same module and files
     * give the same bytes, on every machine and at any time.
     *
     * @throws AssetsRejectedException as {@link AssetArchive#of(Path, AssetLimits)}
     */
    public static byte[] of(byte[] module, Path assets)
            throws IOException, AssetsRejectedException {
        return AssetArchive.packaged(module, assets, AssetLimits.DEFAULT);
    }
}
