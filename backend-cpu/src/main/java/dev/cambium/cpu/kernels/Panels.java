package dev.cambium.cpu.kernels;

/**
 * How the columns of a right operand are cut into panels: as many wide ones as fit, then a narrow or a wide one for the rest.
 * A panel is stored step by step, each step being the panel's full width, with zeros behind the last column; the panels of
 * an operand follow each other.
 *
 * @param wide columns of a wide panel
 * @param narrow columns of a narrow panel, at most {@code wide}
 */
public record Panels(int wide, int narrow) {
    /** Returns the number of panels for so many columns. */
    public int count(int columns) {
        return Math.ceilDiv(columns, wide);
    }

    /** Returns the stored width of a panel that holds so many columns. */
    public int width(int columnsInPanel) {
        return columnsInPanel <= narrow ? narrow : wide;
    }

    /** Returns the sum of the stored widths of all panels: an operand of that many columns takes this times its steps. */
    public int packedWidth(int columns) {
        int rest = columns % wide;
        return columns - rest + (rest == 0 ? 0 : width(rest));
    }
}
