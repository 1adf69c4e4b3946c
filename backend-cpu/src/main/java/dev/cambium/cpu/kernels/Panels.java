package dev.cambium.cpu.kernels;

/**
 * How the columns of a right operand are cut into panels: as many wide ones as fit, then for the rest the narrowest that holds it; or,
 * if that is less, one of middle width instead of the last wide one, and a narrow one. A panel is stored step by step, each step being
 * the panel's full width, with zeros behind the last column; the panels of an operand follow each other.
 *
 * @param wide columns of a wide panel
 * @param middle columns of one of middle width, at most {@code wide}
 * @param narrow columns of a narrow panel, at most {@code middle}
 */
public record Panels(int wide, int middle, int narrow) {
    /** Returns the number of panels for so many columns. */
    public int count(int columns) {
        return Math.ceilDiv(columns, wide);
    }

    /** Returns the columns of the next panel, of so many that are left. */
    public int next(int columnsLeft) {
        return columnsLeft > wide && columnsLeft <= middle + narrow ? middle : Math.min(wide, columnsLeft);
    }

    /** Returns the stored width of a panel that holds so many columns. */
    public int width(int columnsInPanel) {
        return columnsInPanel <= narrow ? narrow : columnsInPanel <= middle ? middle : wide;
    }

    /** Returns the sum of the stored widths of all panels: an operand of that many columns takes this times its steps. */
    public int packedWidth(int columns) {
        int sum = 0;
        for (int column = 0, count; column < columns; column += count) {
            count = next(columns - column);
            sum += width(count);
        }
        return sum;
    }
}
