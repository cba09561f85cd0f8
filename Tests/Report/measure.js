// Measures the report in the frame, and leaves what it found in an element of this page.
"use strict";

// WCAG 2.2, relative luminance and contrast ratio.
function luminance([red, green, blue]) {
    const [r, g, b] = [red, green, blue].map((value) => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, other) {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
}

function colour(text) {
    const numbers = (text.match(/[\d.]+/g) || []).map(Number);
    return numbers.length >= 3 && numbers[3] !== 0 ? numbers.slice(0, 3) : null;
}

function background(element) {
    for (let node = element; node; node = node.parentElement) {
        const found = colour(getComputedStyle(node).backgroundColor);
        if (found) return found;
    }
    return [255, 255, 255];
}

function hasOwnText(element) {
    return [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
}

const name = (element) => `${element.tagName} "${element.textContent.trim().slice(0, 40)}"`;

function measureText(page, found) {
    for (const element of page.body.querySelectorAll("*")) {
        if (!hasOwnText(element) || !element.getClientRects().length) continue;
        const style = page.defaultView.getComputedStyle(element);
        const isPicture = element instanceof page.defaultView.SVGElement;
        const scale = isPicture ? element.getScreenCTM().a : 1;
        const size = parseFloat(style.fontSize) * scale;
        // On paper 7.5 points are what small print has.
        if (size < (found.isPrint ? 10 : 11)) found.small.push(`${name(element)}, ${size} px`);
        const ratio = contrast(colour(isPicture ? style.fill : style.color), background(element));
        if (ratio < 4.5) found.weak.push(`${name(element)}, ${ratio.toFixed(2)}`);
    }
}

function measurePictures(page, found) {
    for (const picture of page.querySelectorAll("svg.chart")) {
        const room = picture.getBoundingClientRect();
        const texts = [...picture.querySelectorAll("text")].map((text) => [text, text.getBoundingClientRect()]);
        for (const [text, box] of texts) {
            if (box.left < room.left - 1 || box.right > room.right + 1 || box.bottom > room.bottom + 1) {
                found.cut.push(`${picture.getAttribute("aria-label")}: ${name(text)}`);
            }
        }
        texts.forEach(([text, box], index) => {
            for (const [other, place] of texts.slice(index + 1)) {
                const wide = Math.min(box.right, place.right) - Math.max(box.left, place.left);
                const high = Math.min(box.bottom, place.bottom) - Math.max(box.top, place.top);
                if (wide > 1 && high > 3) found.overlaps.push(`${name(text)} and ${name(other)}`);
            }
        });
        for (const line of picture.querySelectorAll("[class^=s], [class^=m], [class^=e]")) {
            const stroke = colour(page.defaultView.getComputedStyle(line).stroke);
            if (stroke && !hasOwnText(line) && contrast(stroke, background(picture)) < 3) found.weak.push(`a line of ${line.getAttribute("class")}`);
        }
    }
}

// Cells that are wider than their box scroll with it; on paper nothing scrolls.
function measurePaper(page, found) {
    if (!found.isPrint) return;
    for (const table of page.querySelectorAll("table")) {
        if (table.getBoundingClientRect().right > found.room + 1) found.cut.push(`table ${table.textContent.trim().slice(0, 40)}`);
    }
}

window.addEventListener("load", () => {
    const frame = document.querySelector("iframe");
    const page = frame.contentDocument;
    const root = page.documentElement;
    const found = {
        width: root.scrollWidth, room: root.clientWidth, height: page.body.scrollHeight + 40,
        paper: luminance(background(page.body)), small: [], weak: [], cut: [], overlaps: [],
        fetched: frame.contentWindow.performance.getEntriesByType("resource").map((entry) => entry.name),
        isPrint: page.head.textContent.includes("@media all"),
    };
    measureText(page, found);
    measurePictures(page, found);
    measurePaper(page, found);
    const result = document.createElement("pre");
    result.id = "measured";
    result.textContent = JSON.stringify(found);
    document.body.append(result);
});
