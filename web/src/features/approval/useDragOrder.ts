import { type DragEvent, useState } from 'react';

/** Moving items of a list by mouse. Buttons do the same for everybody else. */
export function useDragOrder(onMove: (from: number, to: number) => void) {
  const [dragged, setDragged] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const end = () => {
    setDragged(null);
    setOver(null);
  };
  return {
    /** The item that the dragged one would take the place of. */
    over: dragged === over ? null : over,
    handle: (at: number) => ({ draggable: true, onDragStart: () => setDragged(at), onDragEnd: end }),
    place: (at: number) => ({
      onDragOver: (event: DragEvent) => {
        if (dragged === null) return;
        event.preventDefault();
        setOver(at);
      },
      onDrop: (event: DragEvent) => {
        event.preventDefault();
        if (dragged !== null && dragged !== at) onMove(dragged, at);
        end();
      },
    }),
  };
}
