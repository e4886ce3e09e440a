// A page in React that embeds the search box and tells of its events.
import { useState } from "react";
import { createRoot } from "react-dom/client";

function Page({ endpoint }) {
  const [told, setTold] = useState([]);
  const tell = ({ type, detail }) => setTold((before) => [...before, `${type} ${detail.query ?? detail.text}`]);
  const choose = (event) => {
    event.preventDefault();
    tell(event);
  };
  return (
    <main>
      <h1>React</h1>
      <newsstand-search endpoint={endpoint} page-size="3" pictures="none" onsearch={tell} onselect={choose} />
      <output>{told.join("; ")}</output>
    </main>
  );
}

const root = document.getElementById("root");
createRoot(root).render(<Page endpoint={root.dataset.endpoint} />);
