package io.runnel.exec.wasm;

/**
 * Conversions that the library rounds wrongly, once in some ten thousand numbers. Public because
 * compiled code, which is loaded by a class loader of its own, calls them too.
 */
public final class Conversions {
    private Conversions() {}

    /** f32.convert_i64_u: the nearest number, the even one of two. */
    public static float f32OfUnsigned(long number) {
        return number >= 0 ? (float) number : (float) halfOf(number) * 2;
    }

    /** f64.convert_i64_u: the nearest number, the even one of two. */
    public static double f64OfUnsigned(long number) {
        return number >= 0 ? (double) number : (double) halfOf(number) * 2;
    }

    /** Half of it; the bit that falls out stays in the last one, so that no tie is made. */
    private static long halfOf(long number) {
        return number >>> 1 | (number & 1);
    }
}
