import Testing

@testable import DatacubeStorage

@Suite struct PixelAxisTests {
    private let grid = PixelGrid(width: 192, height: 96, left: 300_000, top: 6_800_040, metres: 10)

    @Test func centresMeanTheSameAsTheGrid() {
        let said = Statement.axes(of: grid, at: .r10, in: "grid").map(\.value)
        #expect(said == [PixelAxis(centres: grid.columnCentres).text, PixelAxis(centres: grid.rowCentres).text])
        #expect(said == ["from 300000 by 10 m, 192 pixels", "from 6800040 by -10 m, 96 pixels"])
    }

    @Test(arguments: [0, 1, 95, 96, 97, 191]) func oneOtherCentreIsAnotherAxis(_ index: Int) {
        var centres = grid.columnCentres
        centres[index] += 0.5
        #expect(PixelAxis(centres: centres).text != PixelAxis(centres: grid.columnCentres).text)
        centres[index] = .nan
        #expect(PixelAxis(centres: centres).text != PixelAxis(centres: grid.columnCentres).text)
    }

    @Test func fewPixelsAreNoAxis() {
        #expect(PixelAxis(centres: []).text == "no pixels")
        #expect(PixelAxis(centres: [300_005]).text == "one pixel at 300005")
    }
}
