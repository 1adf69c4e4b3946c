package dev.cambium.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cambium.tensor.NdArray;

/**
 * How far results may be from golden values.
 *
 * @param relative
 *            as a share of the golden value
 * @param ofLargest
 *            as a share of the array's largest finite element, or of 1 if that is larger: what sums and cancellation cost
 */
record Tolerance(double relative, double ofLargest) {
    static final Tolerance FLOAT64 = new Tolerance(1e-13, 1e-15);
    static final Tolerance FLOAT32 = new Tolerance(1e-6, 1e-6);

    /** Checks type and numbers; NaN must meet NaN, infinities the same, zeros may differ in sign. */
    void check(String name, NdArray actual, NdArray expected) {
        assertThat(actual.type()).as(name).isEqualTo(expected.type());
        double[] wanted = expected.toDoubleArray();
        double largest = 1;
        for (double value : wanted) {
            largest = Double.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
        }
        for (int i = 0; i < wanted.length; i++) {
            double is = actual.getDouble(i);
            double allowed = relative * Math.abs(wanted[i]) + ofLargest * largest;
            boolean same = Double.compare(is, wanted[i]) == 0;
            assertThat(same || (Math.abs(is - wanted[i]) <= allowed && Double.isFinite(is)))
                    .as("%s[%d] is %s, golden value %s ± %.1e", name, i, is, wanted[i], allowed).isTrue();
        }
    }
}
